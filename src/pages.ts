import type { Config } from "./config.ts";
import type { Log } from "./converge/context.ts";
import { grantOf, look } from "./converge/overview.ts";
import { mayLook } from "./converge/reader.ts";
import { monthAt, monthsOver } from "./domain/month.ts";
import { addDuration, type Instant, minutes } from "./domain/time.ts";
import { loginOf } from "./github/identity.ts";
import { openStories, type Stories } from "./ledger/stories.ts";
import type { Lockboxes, OpenLockbox } from "./lockboxes.ts";
import type { Clock } from "./ports/clock.ts";
import { ForgeError } from "./ports/forge.ts";
import { type Admission, openPages, type Pages } from "./web/pages.ts";
import type { ShownLockbox } from "./web/source.ts";

/** How long it is believed what GitHub said of somebody's permission. */
const BELIEVED = minutes(5);
/** People and repositories that are remembered; beyond that GitHub is asked again. */
const REMEMBERED = 10_000;

/** The pages over the repositories of this process; null when nobody may look. */
export function pagesOf(
  config: Pick<Config, "pages" | "gitUrl" | "apiUrl">,
  lockboxes: Pick<Lockboxes, "opened">,
  clock: Clock,
  log: Log,
  signal: AbortSignal,
): Pages | null {
  const { pages, gitUrl, apiUrl } = config;
  if (pages === null) return null;
  const views = new WeakMap<OpenLockbox, ShownLockbox>();
  const view = (lockbox: OpenLockbox): ShownLockbox => {
    const known = views.get(lockbox) ?? viewOf(lockbox, gitUrl);
    views.set(lockbox, known);
    return known;
  };
  const source = { lockboxes: () => lockboxes.opened().map(view), now: () => clock.now() };
  if (pages.kind === "this-machine") return openPages(source, pages);

  const { clientId, clientSecret } = pages;
  const believed = new Map<string, { readonly may: boolean; readonly until: Instant }>();
  const admission: Admission = {
    ...pages,
    authorizeUrl: `${gitUrl}/login/oauth/authorize`,
    async loginOf(code, verifier) {
      try {
        return await loginOf(code, verifier, { webUrl: gitUrl, apiUrl, clientId, clientSecret, signal });
      } catch (error) {
        log("GitHub did not say who signs in", { error: error instanceof Error ? error.message : "" });
        return null;
      }
    },
    async mayRead(login, shown) {
      const key = `${login.toLowerCase()} ${shown.owner}/${shown.name}`;
      const known = believed.get(key);
      if (known !== undefined && clock.now() < known.until) return known.may;
      const lockbox = lockboxes.opened().find((one) => view(one) === shown);
      if (lockbox === undefined) return false;
      let may: boolean;
      try {
        may = await mayLook(login, lockbox);
      } catch (error) {
        if (!(error instanceof ForgeError)) throw error;
        lockbox.log("GitHub did not say what somebody may read", { error: error.message });
        return null;
      }
      if (believed.size >= REMEMBERED) believed.clear();
      believed.set(key, { may, until: addDuration(clock.now(), BELIEVED) });
      return may;
    },
  };
  return openPages(source, admission);
}

function viewOf(lockbox: OpenLockbox, gitUrl: string): ShownLockbox {
  const { owner, name, history, ledger, clock, reports } = lockbox;
  const stories: Stories = openStories(history);
  return {
    owner,
    name,
    address: `${gitUrl}/${owner}/${name}`,
    look: () => look(lockbox),
    grantOf: (grant) => grantOf(grant, lockbox),
    storyOf: async (id) => stories.of(id, await ledger.read()),
    latest: async (count) => stories.latest(count, await ledger.read()),
    async months() {
      const [{ since }, now] = [await ledger.read(), clock.now()];
      const present = monthAt(now);
      if (since === null || present === null) return [];
      return [...monthsOver(since, now, Number.POSITIVE_INFINITY), present];
    },
    reportOf: (month) => reports.of(month),
  };
}
