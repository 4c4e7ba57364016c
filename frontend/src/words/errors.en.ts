/** What went wrong, and what to do about it, by the code of the error, in English; part of en.ts. */
export interface Said {
  what: string;
  todo: string;
}

export const errors = {
  errors: {
    /** Whether the service's own sentence is in the language of the page. */
    native: true,
    technical: "What the service says",
    code: "code",
    of: {
      "already-exists": { what: "There is one already", todo: "Take another name, or use the one that is there." },
      conflict: { what: "Not possible as things stand", todo: "Load the page again to see how things stand now." },
      "digest-mismatch": { what: "A stored file was changed", todo: "Tell an administrator: it has to come back from a backup." },
      "download-failed": { what: "Something could not be fetched from the network", todo: "Try again later." },
      error: { what: "The service met an error that it does not know", todo: "Try again. If it stays so, tell an administrator; the log of the service holds the details." },
      "exact-repeat": { what: "The same file is here already", todo: "Nothing is lost: the first copy is kept." },
      "image-too-large": { what: "The picture is too large", todo: "Cut it into fields of view, or ask an administrator to raise the limit." },
      input: { what: "This does not fit", todo: "Look at what you entered, and try again." },
      "invalid-box": { what: "The box does not lie on the photograph", todo: "Draw it again, within the photograph." },
      "invalid-mask": { what: "The outline does not fit its cell", todo: "Draw it again." },
      "invalid-metadata": { what: "A value is not one of those that are allowed", todo: "Choose one of the list, or correct the file." },
      "invalid-setting": { what: "A setting of the service does not fit", todo: "Tell an administrator." },
      "invalid-taxonomy": { what: "The list of classes does not fit together", todo: "Tell a curator." },
      "missing-extra": { what: "A part of the program is not installed", todo: "Tell an administrator." },
      "not-allowed": { what: "You may not do this", todo: "Ask a curator or an administrator." },
      "not-found": { what: "There is nothing here", todo: "It may be gone, or not for you. Go back to the list." },
      "not-signed-in": { what: "You are not signed in", todo: "Sign in again." },
      "nothing-found": { what: "Nothing was found in this picture", todo: "Look at it: it may be empty, out of focus, or of another stain." },
      "privacy-breach": { what: "This could name a person", todo: "Take out what could, and try again." },
      "release-incomplete": { what: "The release lacks something that its users must be told", todo: "Tell a curator." },
      "schema-too-new": { what: "The workspace was made by a newer version", todo: "Tell an administrator: the program has to be renewed." },
      setup: { what: "The service is not set up as it should be", todo: "Tell an administrator." },
      "several-cells": { what: "There are several cells here", todo: "Say which one you mean, or draw it by hand." },
      "split-leak": { what: "The same cell would stand on both sides of a split", todo: "Tell a curator." },
      "store-unreachable": { what: "The workspace cannot be opened or written", todo: "Try again; if it stays so, tell an administrator." },
      "too-few": { what: "There is too little to count", todo: "Label more cells first." },
      "too-many-tries": { what: "Too many tries in a short time", todo: "Wait a minute, then try again." },
      "touches-border": { what: "The cell goes on outside the picture", todo: "Take a larger crop, or leave this cell out." },
      "unknown-term": { what: "There is no such class in this list of classes", todo: "Choose one of the list." },
      "unreadable-file": { what: "A file cannot be read", todo: "Look whether it is still there; if so, tell an administrator." },
      "unreadable-format": { what: "The file is not of the form that it should be", todo: "Correct it where the service says so, and try again." },
      "unreadable-image": { what: "The picture cannot be read", todo: "Open it in an image viewer; if it does not open there either, copy it from the camera again." },
      unsound: { what: "Something that was promised of the data does not hold", todo: "Tell an administrator." },
      "unsupported-image": { what: "Pictures of this kind are not kept", todo: "Save it as a usual JPEG or PNG with 8 bits, and use that." },
      "unwritable-file": { what: "A file cannot be written", todo: "Tell an administrator." },
      "workspace-missing": { what: "The service runs without a workspace", todo: "Tell an administrator." },
      "wrong-array": { what: "The picture has another form than it should have", todo: "Use a usual color photograph." },
    } as Record<string, Said>,
  },
};
