/**
 * A short name for what is shown, so that the same thing is not shown twice: two 32-bit FNV-1a hashes over the
 * JSON text, 16 hex digits. It guards against needless calls, not against attackers.
 */
export function fingerprintOf(value: unknown): string {
  const text = JSON.stringify(value);
  let one = 0x811c9dc5;
  let other = 0x1000193;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    one = Math.imul(one ^ unit, 0x01000193);
    other = Math.imul(other ^ (unit + i), 0x01000193);
  }
  return [one, other].map((hash) => (hash >>> 0).toString(16).padStart(8, "0")).join("");
}
