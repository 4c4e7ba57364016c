/** Which pointer draws, which moves the picture, and which is a palm. Pure: it is told what happens, in order. */

export type Role = "draw" | "move" | "ignore";

export interface Down {
  readonly pointerId: number;
  readonly pointerType: string;
  readonly button: number;
  readonly timeStamp: number;
  /** The space bar is held: whatever draws otherwise moves the picture now. */
  readonly moving: boolean;
}

/** A hand comes down a moment before its pen, and lifts a moment after it. */
const PALM_MS = 700;

export class Palm {
  private readonly roles = new Map<number, Role>();
  private penSeen = false;
  private penAt = Number.NEGATIVE_INFINITY;

  /** What a pointer that goes down does. A finger draws until a pen was seen; two fingers always move the picture. */
  down({ pointerId, pointerType, button, timeStamp, moving }: Down): Role {
    const role = this.decide(pointerType, button, timeStamp, moving);
    this.roles.set(pointerId, role);
    return role;
  }

  private decide(type: string, button: number, at: number, moving: boolean): Role {
    if (type === "pen") {
      this.pen(at);
      return moving ? "move" : "draw";
    }
    if (type === "touch") {
      if (this.penSeen) return at - this.penAt < PALM_MS || this.has("draw") ? "ignore" : "move";
      if (moving || this.roles.size > 0) return "move";
      return "draw";
    }
    if (button === 1 || moving) return "move";
    return button === 0 ? "draw" : "ignore";
  }

  /** A pen is near, touching or not: what lies on the screen beside it is the hand that holds it. */
  pen(at: number): void {
    this.penSeen = true;
    this.penAt = at;
  }

  /** A second finger: the first no longer draws, and both move the picture. */
  both(): void {
    for (const id of this.roles.keys()) this.roles.set(id, "move");
  }

  role = (pointerId: number): Role | undefined => this.roles.get(pointerId);

  up(pointerId: number): void {
    this.roles.delete(pointerId);
  }

  private has(role: Role): boolean {
    return [...this.roles.values()].includes(role);
  }
}
