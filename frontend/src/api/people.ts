/** People, and who is signed in, as the service tells them. */
import type { components } from "./schema";

type Schemas = components["schemas"];
export type Role = Schemas["Role"];
export type Person = Schemas["Person"];
export type Session = Schemas["Session"];
export type PersonFacts = Schemas["PersonFacts"];
export type Invitation = Schemas["InvitationFacts"];
export type Invited = Schemas["Invited"];
export type OwnAccount = Schemas["OwnAccount"];
export type TokenFacts = Schemas["TokenFacts"];
export type Scope = Schemas["Scope"];

export const SCOPES: readonly Scope[] = ["read", "label", "all"];

export const ROLES: readonly Role[] = ["viewer", "trainee", "expert", "adjudicator", "curator", "admin"];

/** Those who may open rounds and invite. */
export const curates = (person: Person | null | undefined): boolean => person?.role === "curator" || person?.role === "admin";
/** Those who may be named as readers of a round. */
export const reads = ({ role }: Person): boolean => role !== "viewer";
