import { createPublicKey } from "node:crypto";
import { describe, expect, it } from "vitest";
import { commandSigner, commandWords } from "../../src/signatures/command-signer.ts";
import { publicBlobOf } from "../../src/signatures/ed25519.ts";
import { printNote, readNotes, type SignedNote, signerOfNote, signNote } from "../../src/signatures/note.ts";
import { keySigner } from "../../src/signatures/signer.ts";
import { sshStrings } from "../../src/signatures/wire.ts";
import { KEY, OPENSSH_KEY, OPENSSH_PUBLIC, OTHER_KEY } from "./keys.ts";
import { fileWith, hasSshKeygen } from "./ssh-keygen.ts";

const NAME = "grantbox/acme/lockbox";
const TEXT = "grantbox/acme/lockbox\nmore\n";
const key = { publicKey: publicBlobOf(KEY), who: "ours" };
const other = { publicKey: publicBlobOf(OTHER_KEY), who: "theirs" };

/** The one note of a text that must hold one. */
function noteIn(file: string): SignedNote {
  const [note, second] = readNotes(file);
  if (note === undefined || typeof note === "number" || second !== undefined)
    throw new TypeError("no single note");
  return note;
}

describe("a signed note", () => {
  it("is the text, an empty line and a line for each signature", async () => {
    const note = await keySigner(KEY).signNote(TEXT, NAME);
    expect(note).toMatch(/^grantbox\/acme\/lockbox\nmore\n\n— grantbox\/acme\/lockbox [A-Za-z0-9+/=]+\n$/);
    expect(signerOfNote(noteIn(note), NAME, [other, key])).toBe(key);
  });

  it("of the specification is read, and its signature fits", () => {
    // the example on https://c2sp.org/signed-note, whose key the reference implementation publishes
    const note = noteIn(
      "This is an example message.\n\n— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n",
    );
    const encoded = Buffer.from("AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", "base64");
    const example = { publicKey: sshStrings("ssh-ed25519", encoded.subarray(1)) };
    expect(note.signatures[0]?.keyId.toString("hex")).toBe("530d903a");
    expect(signerOfNote(note, "example.com/foo", [key, example])).toBe(example);
  });

  it("is broken by a change of any one byte", async () => {
    const bytes = Buffer.from(await keySigner(KEY).signNote(TEXT, NAME));
    const survivors = [...bytes.keys()].filter((index) => {
      const changed = Buffer.from(bytes);
      changed.writeUInt8(changed.readUInt8(index) ^ 1, index);
      return readNotes(changed.toString("utf8")).some(
        (note) => typeof note !== "number" && signerOfNote(note, NAME, [key]) === key,
      );
    });
    expect(survivors).toEqual([]);
  });

  it("counts for the name that it was signed under only, and for known keys only", () => {
    const note = noteIn(printNote(TEXT, NAME, signNote(TEXT, NAME, KEY)));
    expect(signerOfNote(note, "grantbox/acme/other", [key])).toBe("unknown");
    expect(signerOfNote(note, NAME, [other])).toBe("unknown");
    expect(signerOfNote(note, NAME, [])).toBe("unknown");
    const renamed = noteIn(printNote(TEXT, NAME, signNote(TEXT, "grantbox/acme/other", KEY)));
    expect(signerOfNote(renamed, NAME, [key])).toBe("unknown");
  });

  it("may have signatures of others, and is refused when a known one does not fit", () => {
    const ours = `— ${NAME} ${signNote(TEXT, NAME, KEY)}`;
    const strange = `— ${NAME} ${signNote(TEXT, NAME, OTHER_KEY)}`;
    const wrong = `— ${NAME} ${signNote("else\n", NAME, KEY)}`;
    expect(signerOfNote(noteIn(`${TEXT}\n${strange}\n${ours}\n`), NAME, [key])).toBe(key);
    expect(signerOfNote(noteIn(`${TEXT}\n${wrong}\n`), NAME, [key])).toBe("altered");
    expect(signerOfNote(noteIn(`${TEXT}\n${ours}\n${wrong}\n`), NAME, [key])).toBe("altered");
  });

  it.skipIf(!hasSshKeygen)(
    "can be signed by a command, which has SSH signatures only (needs openssh-client)",
    async () => {
      const words = commandWords(`ssh-keygen -q -Y sign -n grantbox-record -f ${fileWith(OPENSSH_KEY)}`);
      if (words === null) throw new TypeError("the words cannot be read");
      const signer = commandSigner({ words, environment: process.env, patience: 60_000 });
      const note = noteIn(await signer.signNote(TEXT, NAME));
      const own = { publicKey: Buffer.from(OPENSSH_PUBLIC, "base64") };
      expect(signerOfNote(note, NAME, [key, own])).toBe(own);
      expect(signerOfNote({ ...note, text: "else\n" }, NAME, [own])).toBe("altered");
    },
  );

  it("is signed with plain Ed25519, which any library checks", async () => {
    const { verify } = await import("node:crypto");
    const note = noteIn(printNote(TEXT, NAME, signNote(TEXT, NAME, KEY)));
    const pem = KEY.export({ type: "pkcs8", format: "pem" });
    const signature = note.signatures[0]?.signature ?? Buffer.alloc(0);
    expect(verify(null, Buffer.from(TEXT), createPublicKey(pem), signature)).toBe(true);
  });
});

describe("a file of notes", () => {
  const note = printNote(TEXT, NAME, signNote(TEXT, NAME, KEY));
  it("has them one after the other, each with the line at which it begins", () => {
    const lines = readNotes(`${note}\n${note}\n\n${note}`).map((one) =>
      typeof one === "number" ? one : one.line,
    );
    expect(lines).toEqual([1, 6, 12]);
  });

  it.each([
    ["nothing", "", []],
    ["a text without a signature", "text\n", [1]],
    ["a text with an empty line and no signature", "text\n\nmore\n", [1, 3]],
    ["a signature that is no Base64", "text\n\n— name ***\n", [1]],
    ["a signature that is too short", "text\n\n— name AAAA\n", [1]],
    ["a hyphen for the dash", "text\n\n- name AAAAAAAA\n", [1, 3]],
    ["a name with a plus", "text\n\n— a+b AAAAAAAA\n", [1]],
    ["a note that is cut, and a whole one", `text\n\n${note}`, [1, 3]],
  ])("with %s", (_, file, expected) => {
    expect(readNotes(file).map((one) => (typeof one === "number" ? one : one.line))).toEqual(expected);
  });
});
