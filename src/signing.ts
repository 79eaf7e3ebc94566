import type { Signing } from "./config.ts";
import type { Log } from "./converge/context.ts";
import type { Signer } from "./ports/signer.ts";
import { commandSigner } from "./signatures/command-signer.ts";
import { fingerprintOfKey, publicBlobOf } from "./signatures/ed25519.ts";
import { allowedSignerLine, keySigner } from "./signatures/signer.ts";

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

/** The command gets the environment without what only the app needs. */
function withoutSecrets(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const {
    PRIVATE_KEY: _key,
    WEBHOOK_SECRET: _secret,
    WEBHOOK_SECRET_PREVIOUS: _previous,
    ...rest
  } = environment;
  return rest;
}
