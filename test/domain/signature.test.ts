import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { activationMessage, endMessage, journalMessage, wholeMessage } from "../../src/domain/message.ts";
import { readRecords } from "../../src/domain/record.ts";
import {
  readSignature,
  type SignedFor,
  textToSign,
  withSignature,
  withSignatureInBody,
} from "../../src/domain/signature.ts";
import { activation, at, closure, ending, grantId, pullNumber, view } from "./builders.ts";

const signedFor: SignedFor = { repository: "acme/lockbox", branch: "main", at: at("2026-11-24T10:02:11Z") };
const signed = (message: string) => withSignature(textToSign(message, signedFor), "U1NIU0lH");
const merged = wholeMessage(activationMessage(view(), activation()));

describe("the canonical text of a record", () => {
  it("is the whole message and what it was signed for", () => {
    const text = textToSign(merged, signedFor);
    expect(text).toBe(`${merged}\nSigned-For: acme/lockbox main at 2026-11-24T10:02:11Z\n`);
    expect(withSignature(text, "U1NIU0lH")).toBe(`${text}Grantbox-Signature: U1NIU0lH`);
  });

  it("ends at the last word of the message", () => {
    expect(textToSign(`${merged}\n\n`, signedFor)).toBe(textToSign(merged, signedFor));
  });

  it("of a message without trailers gets a paragraph of its own", () => {
    expect(textToSign("Revert a file", signedFor)).toBe(
      "Revert a file\n\nSigned-For: acme/lockbox main at 2026-11-24T10:02:11Z\n",
    );
  });

  it("changes nothing that the records say, one or several", () => {
    const several = [ending(), ending({ grant: grantId("cs-2") })];
    const messages = [
      merged,
      wholeMessage(endMessage("Revert 2 grants", pullNumber(43), several)),
      journalMessage(closure()),
    ];
    for (const message of messages) expect(readRecords(signed(message))).toEqual(readRecords(message));
  });

  it.each([
    ["an activation", activationMessage(view(), activation())],
    ["a removal without a record", endMessage("Remove a file", pullNumber(43), [])],
  ])("goes into the body of the merge: %s", (_, message) => {
    const whole = signed(wholeMessage(message));
    const inTwo = withSignatureInBody(message, whole);
    expect(inTwo.headline).toBe(message.headline);
    expect(wholeMessage(inTwo)).toBe(whole);
  });
});

describe("reading a signature", () => {
  it("gives back what was signed", () => {
    const expected = {
      kind: "signed",
      text: textToSign(merged, signedFor),
      signedFor,
      signature: "U1NIU0lH",
    };
    expect(readSignature(signed(merged))).toEqual(expected);
    expect(readSignature(`${signed(merged)}\n`)).toEqual(expected);
  });

  it("of the journal is told from one of main", () => {
    const of = (branch: SignedFor["branch"]) =>
      readSignature(withSignature(textToSign("Deny", { ...signedFor, branch }), "U1NIU0lH"));
    expect(of("journal")).toMatchObject({ kind: "signed", signedFor: { ...signedFor, branch: "journal" } });
    expect(of("main")).toMatchObject({ kind: "signed", signedFor });
  });

  it("does not mind what GitHub may put behind a message", () => {
    const message = `${signed(merged)}\n\nCo-authored-by: bob <bob@acme.example>\nSigned-off-by: bob <bob@acme.example>\n`;
    expect(readSignature(message)).toMatchObject({ kind: "signed", signature: "U1NIU0lH" });
  });

  it("a message without one is unsigned", () => {
    expect(readSignature(merged)).toEqual({ kind: "unsigned" });
    expect(readSignature("")).toEqual({ kind: "unsigned" });
  });

  const lines = signed(merged).split("\n");
  const [last = "", before = ""] = [lines.at(-1), lines.at(-2)];
  const above = lines.slice(0, -2).join("\n");
  it.each([
    ["is there twice", `${signed(merged)}\n${last}`, "written twice"],
    ["is there again in another spelling", `grantbox-signature : x\n${signed(merged)}`, "written twice"],
    ["was cut off", `${above}\n${before}`, "`Grantbox-Signature` is missing"],
    ["is indented", `${above}\n${before}\nGrantbox-Signature:  U1`, null],
    [
      "has no word before its colon",
      `${above}\n${before}\nGrantbox-Signature:U1`,
      "`Grantbox-Signature` cannot be read",
    ],
    ["stands alone", last, "`Signed-For` cannot be read"],
    ["does not say what for", `${above}\n${last}`, "`Signed-For` cannot be read"],
    [
      "is for another branch than there are",
      `${above}\n${before.replace("main", "dev")}\n${last}`,
      "`Signed-For` cannot be read",
    ],
    ["says no time", `${above}\n${before.replace("Z", "")}\n${last}`, "`Signed-For` cannot be read"],
    ["is followed by another trailer", `${signed(merged)}\nReason: none`, "something stands after"],
    ["is followed by another record", `${signed(merged)}\n\nGrantbox-Event: ended`, "something stands after"],
  ])("a signature that %s is malformed", (_, message, because) => {
    const reading = readSignature(message);
    if (because === null) expect(reading).toMatchObject({ kind: "signed", signature: " U1" });
    else expect(reading.kind === "malformed" ? reading.because : reading.kind).toContain(because);
  });

  it("a pull request's title cannot pass for a signature", () => {
    fc.assert(
      fc.property(
        fc.constantFrom("Grantbox-Signature: x", "grantbox-signature:x", "GRANTBOX-SIGNATURE : x"),
        (title) => {
          const message = signed(wholeMessage(endMessage(title, pullNumber(43), [ending()])));
          expect(readSignature(message)).toMatchObject({ kind: "signed", signature: "U1NIU0lH" });
        },
      ),
    );
  });

  it("reads back every message that can be signed", () => {
    const text = fc.oneof(fc.string({ unit: "binary" }), fc.string());
    fc.assert(
      fc.property(text, text, fc.array(text, { maxLength: 2 }), (title, reason, ids) => {
        const records = ids.map(() => ending({ reason }));
        const message = wholeMessage(endMessage(title, pullNumber(43), records));
        expect(readSignature(signed(message))).toMatchObject({
          kind: "signed",
          text: textToSign(message, signedFor),
          signedFor,
        });
      }),
      { numRuns: 500 },
    );
  });
});
