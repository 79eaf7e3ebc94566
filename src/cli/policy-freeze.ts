import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { followClock, systemClock } from "../clock.ts";
import { beliefOf } from "../converge/belief.ts";
import { ledgerOf } from "../converge/ledger.ts";
import { rulesFrom } from "../converge/rules.ts";
import { type PullSituation, readSituation } from "../converge/situation.ts";
import { type PullNumber, parsePullNumber } from "../domain/oid.ts";
import { passes, runTests } from "../domain/policy-test.ts";
import { historyOf } from "../git/history-isomorphic.ts";
import { openMirror } from "../git/mirror.ts";
import { githubForge } from "../github/forge.ts";
import { clientsWithToken } from "../github/octokit.ts";
import { failureLines } from "../output/difference.ts";
import { frozenTest } from "../rules/frozen-test.ts";
import { readPolicyTest } from "../rules/policy-test.ts";
import { readYaml } from "../rules/yaml.ts";
import { recordKeysIn } from "../signatures/record-keys.ts";
import { UsageError } from "./checkout.ts";
import { print } from "./print.ts";

/** `grantbox policy freeze`: a pull request becomes a test. */
export function policyFreeze(): Command {
  return new Command("freeze")
    .summary("make a policy test of a pull request")
    .description(
      "Read a pull request as the app does, and print it as a policy test that expects what the rules at its base say of it now.\n" +
        "The token of GITHUB_TOKEN or GH_TOKEN reads the repository and the members of its teams; GHE_HOST and GHE_PROTOCOL\n" +
        "name an Enterprise Server. Of people it prints logins only. Exit code 0; 1: it cannot be made a test; 2: wrong call.",
    )
    .argument("<PULL>", "the pull request: OWNER/REPO#N")
    .option("--name <NAME>", "name of the test and of its file (default: pull-N)")
    .action(async (words: string, options: { name?: string }) => {
      const place = placeIn(words);
      const name = options.name ?? `pull-${place.pull}`;
      if (!/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/.test(name)) {
        throw new UsageError("--name takes lower-case letters, digits and single hyphens");
      }
      const frozen = await freeze(place, name);
      if ("because" in frozen) {
        console.error(`grantbox: ${words} ${frozen.because}`);
        process.exitCode = 1;
        return;
      }
      await print(frozen.text);
    });
}

interface Place {
  readonly owner: string;
  readonly repo: string;
  readonly pull: PullNumber;
}

function placeIn(words: string): Place {
  const [, owner, repo, number = ""] = /^([A-Za-z0-9-]+)\/([A-Za-z0-9._-]+)#(\d+)$/.exec(words) ?? [];
  const pull = parsePullNumber(number);
  if (owner === undefined || repo === undefined || pull === null) {
    throw new UsageError(`${words} is no pull request; write OWNER/REPO#N, for example acme/lockbox#42`);
  }
  return { owner, repo, pull };
}

type Frozen = { readonly text: string } | { readonly because: string };

async function freeze(place: Place, name: string): Promise<Frozen> {
  const { GITHUB_TOKEN, GH_TOKEN, GHE_HOST, GHE_PROTOCOL = "https", GRANTBOX_CLOCK } = process.env;
  const token = GITHUB_TOKEN || GH_TOKEN;
  if (!token) throw new UsageError("set GITHUB_TOKEN or GH_TOKEN to a token that may read the repository");
  const host = GHE_HOST ? `${GHE_PROTOCOL}://${GHE_HOST}` : null;
  const followed = GRANTBOX_CLOCK ? await followClock(GRANTBOX_CLOCK) : null;
  const clock = followed ?? systemClock();
  const dir = mkdtempSync(join(tmpdir(), "grantbox-freeze-"));
  const { signal } = new AbortController();
  try {
    const octokit = clientsWithToken(token, {
      baseUrl: host === null ? "https://api.github.com" : `${host}/api/v3`,
      log: () => undefined,
      signal,
    });
    const { owner, repo } = place;
    const { data } = await octokit.queries.rest.repos.get({ owner, repo });
    const defaultBranch = () => data.default_branch;
    const history = historyOf(
      openMirror({
        dir: join(dir, "mirror.git"),
        url: `${host ?? "https://github.com"}/${owner}/${repo}.git`,
        defaultBranch,
        authenticate: async () => ({ username: "x-access-token", password: token }),
        signal,
      }),
    );
    const situation = await readSituation(place.pull, {
      owner,
      history,
      // announcements are sealed with a secret of the app: nobody else can tell them from forged ones
      ledger: ledgerOf(
        history,
        defaultBranch,
        beliefOf(history, recordKeysIn, `${owner}/${repo}`),
        () => false,
      ),
      rules: rulesFrom(history),
      forge: githubForge({ octokit, owner, repo, appId: null, now: () => clock.now() }),
      merges: { vouched: new Set(), reviewed: new Set() },
      clock,
      cases: new Map(),
    });
    if (situation === null) return { because: "is no request for access whose rules can be read" };
    const { content } = situation.request;
    if (content.kind === "refused") {
      const [first] = content.findings;
      return {
        because: `is refused whatever the policies say: ${first?.message ?? "its file cannot be read"}`,
      };
    }
    return checked(name, await history.blob(content.file.blob), situation);
  } finally {
    followed?.stop();
    rmSync(dir, { recursive: true, force: true });
  }
}

/** The test, once it has been read back and says of the request what was said of it. */
function checked(name: string, grant: Uint8Array, { loaded, ...situation }: PullSituation): Frozen {
  const reading = readYaml(grant, "grant.yaml");
  if (!reading.ok) return { because: "has a grant file that is no YAML" };
  const text = frozenTest(name, reading.value, situation, loaded);
  const file = `policies/tests/${name}.yaml`;
  const test = readPolicyTest(Buffer.from(text), file, loaded, () => null);
  if (!test.ok) return { because: `cannot be written as a test: ${test.findings[0]?.message ?? ""}` };
  const failed = runTests([test.test], loaded.rules).filter((result) => !passes(result));
  if (failed.length > 0) {
    return {
      because: `hangs on something that a test cannot say: ${failed.flatMap(failureLines).join("; ")}`,
    };
  }
  return { text };
}
