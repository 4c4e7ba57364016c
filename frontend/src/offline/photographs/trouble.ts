/** What a failure on the way of a photograph means: for this one, for all of them, or for whoever looks at it. */
import { broken, Failure, type Problem, problemOf } from "../../api/client";

/** Why one is not sent of which this device lost the bytes. */
export const NO_BYTES = "no-bytes";
export const OTHER_PERSON = new Failure({ type: "about:blank", title: "", status: 401, detail: "", code: "other-person", hint: "" });
/** The photograph itself is what the service does not want; all else is worth another try later. */
export const isRefusal = ({ status, code }: Problem): boolean => status === 413 || status === 415 || status === 422 || (status === 409 && code !== "wrong-offset");
/** What is wrong with one photograph, or for the moment, keeps the others from nothing. */
export const isOfOne = ({ status, code }: Problem): boolean => status === 404 || status === 423 || status === 460 || status === 500 || code === "wrong-offset";
/** Nothing changes here by waiting: somebody has to do something. */
export const isStop = ({ status }: Problem): boolean => status === 401 || status === 403;
/** What went wrong, of anything that was thrown: also what no request told, such as a database that cannot be read, is of one photograph. */
export const troubleOf = (reason: unknown): Problem => (reason instanceof Failure ? reason.problem : { ...problemOf(broken()), status: 500 });
