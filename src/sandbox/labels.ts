import { nextId, type World } from "./world.ts";

export type Label = { id: number; name: string; color: string };

/** The label of that name, founded when there is none: adding an unknown label to an issue makes it. */
export function labelNamed(world: World, name: string): Label {
  const key = name.toLowerCase();
  const known = world.labels.get(key);
  if (known !== undefined) return known;
  const label: Label = { id: nextId(world), name, color: "ededed" };
  world.labels.set(key, label);
  return label;
}
