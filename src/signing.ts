import type { Signing } from "./config.ts";
import type { Lockbox, Log } from "./converge/context.ts";
import { ALLOWED_SIGNERS_PATH } from "./domain/signature.ts";
import type { Signer } from "./ports/signer.ts";
import { objection, readAllowedSigners } from "./signatures/allowed-signers.ts";
import { commandSigner } from "./signatures/command-signer.ts";
import { fingerprintOfKey, publicBlobOf } from "./signatures/ed25519.ts";
import { allowedSignerLine, keySigner } from "./signatures/signer.ts";
import { RECORD_NAMESPACE } from "./signatures/sshsig.ts";

/** A vault may be slow; whoever waits for a merge should not wait longer. */
const PATIENCE = 20_000;

/** The signer that is configured, and a word to the operator on what it is; null when there is none. */
export function signerFrom(signing: Signing | null, log: Log): Signer | null {
  if (signing === null) {
    log(
      "warning: records are not signed; set GRANTBOX_SIGNING_KEY_FILE so that an auditor can tell who wrote them",
    );
    return null;
  }
  switch (signing.kind) {
    case "key": {
      const publicKey = publicBlobOf(signing.key);
      const [key, line] = [fingerprintOfKey(publicKey), allowedSignerLine("grantbox", publicKey)];
      log("records are signed", { key, allowedSigner: line });
      return keySigner(signing.key);
    }
    case "command": {
      const [program] = signing.words;
      log("records are signed by a command", { program });
      return commandSigner({
        words: signing.words,
        environment: withoutSecrets(process.env),
        patience: PATIENCE,
      });
    }
    default:
      return signing satisfies never;
  }
}

/**
 * Says when the repository does not list the key that the app signs with, or not for now: everything that is written
 * meanwhile would fail every audit. Of a command's key nothing is known before it signs.
 */
export async function warnOfUnlistedKey(
  signing: Signing | null,
  { history, ledger, clock, log }: Pick<Lockbox, "history" | "ledger" | "clock" | "log">,
): Promise<void> {
  if (signing?.kind !== "key") return;
  const publicKey = publicBlobOf(signing.key);
  const file = await history.file((await ledger.read()).main, ALLOWED_SIGNERS_PATH);
  const text = file === null ? "" : Buffer.from(await history.blob(file.oid)).toString("utf8");
  const { signers } = readAllowedSigners(text, ALLOWED_SIGNERS_PATH);
  const own = signers.filter((signer) => signer.publicKey.equals(publicKey));
  if (own.some((signer) => objection(signer, RECORD_NAMESPACE, clock.now()) === null)) return;
  const because =
    own.length === 0 ? "is not listed there" : "is listed there, but not for records or not for now";
  log(`warning: records are signed with a key that ${ALLOWED_SIGNERS_PATH} does not allow`, {
    because: `it ${because}`,
    allowedSigner: allowedSignerLine("grantbox", publicKey),
  });
}

/** The command gets the environment without what only the app needs. */
function withoutSecrets(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const {
    PRIVATE_KEY: _key,
    WEBHOOK_SECRET: _secret,
    WEBHOOK_SECRET_PREVIOUS: _previous,
    GRANTBOX_CASE_SECRET: _caseSecret,
    GRANTBOX_CASE_SECRET_PREVIOUS: _caseSecretBefore,
    GRANTBOX_SERVICENOW_PASSWORD: _password,
    GRANTBOX_JIRA_TOKEN: _token,
    ...rest
  } = environment;
  return rest;
}
