import { describe, expect, test } from "vitest";
import { foundWorld, newWorld, type World } from "./world.ts";

/** Alice's grant from request to end. */
async function lifecycle(world: World): Promise<void> {
  const pull = await world.alice.opens();
  await world.bob.approves(pull);
  await world.carol.approves(pull);
  await world.clockMoves("PT4H");
}

/** The month in which it is now, as a report names it, and so many months after it. */
function month(world: World, later = 0): string {
  const now = world.sandbox.now();
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + later)).toISOString().slice(0, 7);
}

/** To the first minute of a month to come. */
async function monthPasses(world: World, count = 1): Promise<void> {
  await world.sandbox.setClock(`${month(world, count)}-01T00:01:00Z`);
  await world.settles();
}

/** The issues of reports with what they begin with, oldest first. */
async function reports(world: World) {
  const issues = await world.grace.visitor.seesIssues();
  return issues
    .filter(({ title }) => title.startsWith("Access report "))
    .toSorted((one, other) => one.number - other.number);
}

const titles = async (world: World) => (await reports(world)).map(({ title }) => title);

/** What the app asked GitHub about reports, and did about them. */
const callsAboutReports = (world: World) =>
  world.sandbox
    .calls()
    .map(({ operation }) => operation)
    .filter((operation) => /ReportIssues|^issues\//.test(operation));

async function isOpen(world: World, issue: number): Promise<boolean> {
  const { state } = (await world.grace.visitor.call("GET", `issues/${issue}`)) as { readonly state: string };
  return state === "open";
}

/** A lockbox with a grant that has ended, whose first month is over in a moment. */
async function newYear(
  options: Parameters<typeof newWorld>[0] = {},
): Promise<{ world: World; name: string }> {
  const world = await newWorld(options);
  await lifecycle(world);
  return { world, name: month(world) };
}

describe("when a month is over", () => {
  test("its report is an issue, with label and figures, and calls nobody by name", async () => {
    const { world, name } = await newYear();
    await monthPasses(world);
    const [issue, ...others] = await reports(world);
    expect(others).toEqual([]);
    expect(issue?.title).toBe(`Access report ${name}`);
    expect(await world.grace.visitor.seesLabels(issue?.number ?? 0)).toEqual(["grantbox: monthly report"]);
    expect(issue?.body).toContain("| activated | 1 |");
    expect(issue?.body).toMatch(/\| cs-41207-checkout-logs \| alice \|.*\| expiry \|/);
    expect(issue?.body).toContain(`\`grantbox report --month ${name}\``);
    expect(issue?.body).not.toContain("@");
  });

  test("that costs nothing before, and nothing afterwards", async () => {
    const { world } = await newYear();
    await world.clockMoves("P20D");
    expect(callsAboutReports(world)).toEqual([]);
    await monthPasses(world);
    expect(callsAboutReports(world)).toContain("issues/create");
    world.sandbox.clearCalls();
    await world.clockMoves("P20D");
    expect(callsAboutReports(world)).toEqual([]);
  });

  test("a month in which nothing happened is reported as well, but none from before the first record", async () => {
    const world = await newWorld();
    await monthPasses(world);
    expect(await titles(world)).toEqual([]);
    const first = month(world);
    await lifecycle(world);
    await monthPasses(world);
    const second = month(world);
    await monthPasses(world);
    expect(await titles(world)).toEqual([`Access report ${first}`, `Access report ${second}`]);
    expect((await reports(world))[1]?.body).toContain("| activated | 0 |");
  });

  test("a request that was only denied makes it a month of which there is something to say", async () => {
    const world = await newWorld();
    const pull = await world.alice.opens();
    await world.carol.requestsChanges(pull, "ask for less");
    await monthPasses(world);
    expect((await reports(world)).map(({ body }) => body)).toEqual([
      expect.stringContaining("| denied | 1 |"),
    ]);
  });

  test("an app that was dead reports what it missed, each month once", async () => {
    const { world, name } = await newYear();
    await world.appDies();
    await monthPasses(world, 3);
    const [second, third] = [month(world, -2), month(world, -1)];
    await world.appStarts();
    expect(await titles(world)).toEqual([name, second, third].map((one) => `Access report ${one}`));
  });

  test("no webhook is needed", async () => {
    const world = await newWorld();
    world.sandbox.setFaults({ webhooks: { drop: true } });
    await lifecycle(world);
    await world.clockMoves("PT1H");
    await monthPasses(world);
    expect(await titles(world)).toHaveLength(1);
  });

  test("the settings can say that nobody wants it", async () => {
    const settings = "apiVersion: grantbox/v1\nkind: Settings\nreports: { monthly: false }\n";
    const { world } = await newYear({ seedFiles: { "policies/settings.yaml": settings } });
    world.sandbox.clearCalls();
    await monthPasses(world);
    expect(await titles(world)).toEqual([]);
    expect(callsAboutReports(world)).toEqual([]);
  });
});

describe("a report that is there is not opened again", () => {
  const published = async (): Promise<{ world: World; issue: number }> => {
    const { world } = await newYear();
    await monthPasses(world);
    return { world, issue: (await reports(world))[0]?.number ?? 0 };
  };

  test.each<[string, (world: World, issue: number) => Promise<unknown>]>([
    ["the app was started anew", async () => undefined],
    [
      "somebody has closed it",
      (world, issue) => world.grace.visitor.call("PATCH", `issues/${issue}`, { state: "closed" }),
    ],
    [
      "somebody has taken its label off",
      (world, issue) => world.grace.visitor.call("PATCH", `issues/${issue}`, { labels: [] }),
    ],
    ["another month has passed", (world) => monthPasses(world)],
  ])("when %s", async (_, happens) => {
    const { world, issue } = await published();
    const [title] = await titles(world);
    await happens(world, issue);
    await world.appStartsAnew();
    await world.clockMoves("PT10M");
    expect((await titles(world)).filter((one) => one === title)).toHaveLength(1);
  });

  test("unless somebody has changed what it says: then it is no report any more", async () => {
    const { world, issue } = await published();
    const body = (await reports(world))[0]?.body ?? "";
    await world.grace.visitor.call("PATCH", `issues/${issue}`, {
      body: body.replace("| activated | 1 |", "| activated | 0 |"),
    });
    await world.appStartsAnew();
    expect((await reports(world)).map((one) => one.body.includes("| activated | 1 |"))).toEqual([
      false,
      true,
    ]);
  });

  test("and nobody else can make one", async () => {
    const { world, name } = await newYear();
    await world.alice.visitor.call("POST", "issues", {
      title: `Access report ${name}`,
      body: `<!-- grantbox report ${name} -->\nNothing happened.`,
      labels: ["grantbox: monthly report"],
    });
    await monthPasses(world);
    expect(await titles(world)).toHaveLength(2);
  });
});

describe("whatever goes wrong, there is one report that is open", () => {
  /** A month's end; `disturb` is called just before it, with call counting at zero. The open reports, and the calls. */
  async function monthEnds(disturb: (world: World) => void): Promise<{ open: number; calls: number }> {
    const world = await foundWorld();
    try {
      await world.appStarts();
      await world.alice.closes(await world.alice.opens());
      world.sandbox.clearCalls();
      disturb(world);
      await monthPasses(world);
      const calls = world.sandbox.calls().length;
      for (let rest = 0; rest < 2; rest++) {
        if (!world.isRunning) await world.appStarts();
        await world.clockMoves("PT5M");
      }
      await world.appStartsAnew();
      const open = await Promise.all((await reports(world)).map(({ number }) => isOpen(world, number)));
      return { open: open.filter(Boolean).length, calls };
    } finally {
      await world.ends();
    }
  }

  test("calls before which and after which the app is killed, and before which another machine does it all", async () => {
    const calm = await monthEnds(() => undefined);
    expect(calm.open).toBe(1);
    for (let call = 1; call <= calm.calls; call++) {
      let met = 0;
      for (const when of ["before", "after"] as const) {
        const killed = await monthEnds((world) =>
          world.sandbox.onCall(call, when, async () => {
            met += 1;
            await world.appDies();
          }),
        );
        expect(killed.open, `killed ${when} call ${call}`).toBe(1);
      }
      const raced = await monthEnds((world) =>
        world.sandbox.onCall(call, "before", async () => {
          met += 1;
          await world.secondMachineWorks();
        }),
      );
      expect(raced.open, `another machine before call ${call}`).toBe(1);
      expect(met, `call ${call} was met each time`).toBe(3);
    }
  }, 900_000);

  test.each([
    ["before", 502],
    ["after", 502],
    ["after", "reset"],
    ["before", 403],
  ] as const)("the call that opens it fails %s it is carried out: %s", async (when, status) => {
    const { open } = await monthEnds((world) =>
      world.sandbox.setFaults({ calls: [{ operation: "issues/create", when, status }] }),
    );
    expect(open).toBe(1);
  });
});
