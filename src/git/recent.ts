/** A memory of the objects used last, bounded by their bytes. */
export interface Recent<Key, Value> {
  get(key: Key): Value | undefined;
  set(key: Key, value: Value, size: number): void;
}

/** Keeps at most `limit` bytes; a value that would fill more than a quarter of it is not kept at all. */
export function recentWithin<Key, Value>(limit: number): Recent<Key, Value> {
  const kept = new Map<Key, { readonly value: Value; readonly size: number }>();
  let total = 0;
  return {
    get(key) {
      const found = kept.get(key);
      if (found === undefined) return undefined;
      kept.delete(key);
      kept.set(key, found);
      return found.value;
    },
    set(key, value, size) {
      if (size > limit / 4) return;
      total += size - (kept.get(key)?.size ?? 0);
      kept.delete(key);
      kept.set(key, { value, size });
      for (const [oldest, { size: freed }] of kept) {
        if (total <= limit) break;
        kept.delete(oldest);
        total -= freed;
      }
    },
  };
}
