import { join } from "node:path";
import { afterEach, beforeEach, expect } from "vitest";
import type { Oid } from "../../src/domain/oid.ts";
import { type Mirror, type MirrorOptions, openMirror } from "../../src/git/mirror.ts";
import { ForgeError } from "../../src/ports/forge.ts";
import { newRepository, type Repository } from "./repository.ts";
import { PASSWORD, type SmartHttp, serveGit } from "./smart-http.ts";

/** A repository, the server that holds it, and a mirror of it; made before each test and gone after it. */
export interface MirrorWorld {
  readonly repository: Repository;
  readonly server: SmartHttp;
  /** The mirror opened last. */
  readonly mirror: Mirror;
  open(options?: Partial<MirrorOptions>): Mirror;
  /** A new commit on main. */
  pushed(edits: Record<string, string>, ...parents: Oid[]): Oid;
  /** Bytes that the server has sent since it was last asked. */
  sent(): number;
}

export function mirrorWorld(): MirrorWorld {
  let repository: Repository;
  let server: SmartHttp;
  let mirror: Mirror;

  function open(options: Partial<MirrorOptions> = {}): Mirror {
    mirror = openMirror({
      dir: join(repository.root, "mirror"),
      url: server.url(repository.name),
      defaultBranch: "main",
      authenticate: async () => ({ username: "x-access-token", password: PASSWORD }),
      ...options,
    });
    return mirror;
  }
  beforeEach(async () => {
    repository = newRepository();
    server = await serveGit(repository.root);
    open();
  });
  afterEach(async () => {
    await mirror.close();
    await server.close();
    repository.remove();
  });
  return {
    get repository() {
      return repository;
    },
    get server() {
      return server;
    },
    get mirror() {
      return mirror;
    },
    open,
    pushed(edits, ...parents) {
      const tip = repository.commit({ edits, parents });
      repository.point("refs/heads/main", tip);
      return tip;
    },
    sent: () => server.passed.splice(0).reduce((sum, each) => sum + each.sent, 0),
  };
}

/** The `ForgeError` that work must end in. */
export async function failure(work: Promise<unknown>): Promise<ForgeError> {
  const error = await work.then(
    () => new Error("it did not fail"),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ForgeError);
  return error as ForgeError;
}
