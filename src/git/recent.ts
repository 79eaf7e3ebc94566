/** A memory of what was used last, bounded by its bytes. */
export interface Recent<Key, Value> {
  get(key: Key): Value | undefined;
  set(key: Key, value: Value, size: number): void;
}

/**
 * Keeps at most `limit` bytes; a value that would fill more than a quarter of it is not kept at all. Two halves take
 * turns, so that forgetting costs nothing: what is used while the younger fills moves into it, the rest goes with the elder.
 */
export function recentWithin<Key, Value>(limit: number): Recent<Key, Value> {
  let elder = new Map<Key, { readonly value: Value; readonly size: number }>();
  let younger: typeof elder = new Map();
  let filled = 0;
  function keep(key: Key, value: Value, size: number): void {
    if (filled + size > limit / 2) {
      elder = younger;
      younger = new Map();
      filled = 0;
    }
    if (!younger.has(key)) filled += size;
    younger.set(key, { value, size });
  }
  return {
    get(key) {
      const found = younger.get(key);
      if (found !== undefined) return found.value;
      const old = elder.get(key);
      if (old !== undefined) keep(key, old.value, old.size);
      return old?.value;
    },
    set(key, value, size) {
      if (size <= limit / 4) keep(key, value, size);
    },
  };
}
