import { describe, expect, it } from "vitest";
import { oid } from "../../src/domain/oid.ts";
import { type ContractWorld, NOWHERE } from "./contract-world.ts";

/** What a history says of the files of a commit. */
export function filesContract(world: ContractWorld): void {
  describe("files", () => {
    const mixed = {
      "README.md": "read me",
      "grants/azure.storage/cs-1.yaml": "one",
      "grants/azure.storage/CS-1.yaml": "one in capitals",
      "grants/azure.storage/run.sh": { mode: "100755", content: "#!/bin/sh" },
      "grants/azure.storage/link": { mode: "120000", content: "../elsewhere" },
      "grants/module": { mode: "160000", content: NOWHERE },
      "grants.yaml": "beside the folder",
      "grants-old/x": "beside it too",
      'quelle/ä 🔑/zeile\n"zwei".txt': "strange name",
    };

    it("lists every file with its mode, in all and below a folder", async () => {
      const tip = await world.main(world.repository.commit({ edits: mixed }));
      expect(await world.history.files(tip, "")).toEqual(world.repository.files(tip, ""));
      for (const folder of ["grants/", "grants/azure.storage/", "quelle/ä 🔑/"]) {
        const wanted = world.repository.files(tip, folder);
        expect(wanted).not.toEqual([]);
        expect(await world.history.files(tip, folder)).toEqual(wanted);
        expect(await world.history.files(tip, folder.slice(0, -1))).toEqual(wanted);
      }
    });

    it("lists nothing below what is no folder", async () => {
      const tip = await world.main(world.repository.commit({ edits: mixed }));
      for (const folder of ["nowhere/", "README.md", "grants/module/", "README.md/x", "Grants/"]) {
        expect(await world.history.files(tip, folder), folder).toEqual([]);
      }
    });

    it("finds one file by its path", async () => {
      const tip = await world.main(world.repository.commit({ edits: mixed }));
      for (const { path, mode, oid: object } of world.repository.files(tip, "")) {
        expect(await world.history.file(tip, path), path).toEqual({ mode, oid: object });
      }
      for (const path of ["grants", "grants/azure.storage", "readme.md", "README.md/x", "", "../README.md"]) {
        expect(await world.history.file(tip, path), path).toBeNull();
      }
    });

    it("reads an empty tree", async () => {
      const tip = await world.main(world.repository.commit({}));
      expect(await world.history.files(tip, "")).toEqual([]);
    });

    it("reads names that nobody should write, and old modes", async () => {
      const blob = world.repository.object("blob", Buffer.from("x"));
      const entry = (mode: string, name: string, object: string): Buffer =>
        Buffer.concat([Buffer.from(`${mode} ${name}\0`, "latin1"), Buffer.from(object, "hex")]);
      const inner = world.repository.object("tree", entry("100664", "\xff\xfe\x01\\", blob));
      const tree = world.repository.object(
        "tree",
        Buffer.concat([
          entry("40000", "..", inner),
          entry("40000", ".git", inner),
          entry("100644", "a\\b", blob),
        ]),
      );
      const tip = await world.main(oid(world.repository.run(["commit-tree", tree, "-m", "x"]).trim()));
      expect(await world.history.files(tip, "")).toEqual(world.repository.files(tip, ""));
    });
  });

  describe("size", () => {
    it("reads a large blob whole", async () => {
      const content = Buffer.alloc(10 * 2 ** 20, "0123456789abcdef\n");
      content.writeUInt32LE(0xdeadbeef, 5_000_000);
      const tip = await world.main(world.repository.commit({ edits: { large: content } }));
      const [file] = await world.history.files(tip, "");
      expect(Buffer.compare(await world.history.blob(file?.oid ?? NOWHERE), content)).toBe(0);
    });

    it("reads a tree of 3,000 files and one change to it", async () => {
      const paths = Array.from({ length: 3000 }, (_, index) => `grants/azure.storage/cs-${index}.yaml`);
      const base = world.repository.commit({ edits: Object.fromEntries(paths.map((path) => [path, path])) });
      const head = world.repository.commit({
        parents: [base],
        edits: { "grants/azure.storage/cs-1500.yaml": "new" },
      });
      const { seen, wanted } = await world.compared(base, head);
      expect(seen).toEqual(wanted);
      expect(await world.history.files(head, "")).toEqual(world.repository.files(head, ""));
    });
  });
}
