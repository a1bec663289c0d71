/** Returns seconds as `m:ss` or `h:mm:ss`; a dash where they are not known. */
export function formatClock(seconds: number | null): string {
  if (seconds === null || !Number.isFinite(seconds)) return '–:––';
  const whole = Math.max(0, Math.floor(seconds));
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  const tail = String(whole % 60).padStart(2, '0');
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${tail}` : `${minutes}:${tail}`;
}

/** Returns an amount with its unit in the right number: "1 track", "2 tracks". */
export function count(amount: number, unit: string): string {
  return `${amount} ${unit}${amount === 1 ? '' : 's'}`;
}

/** Returns seconds the way a person says them: "1 hour 2 minutes", "1 minute 23", "45 seconds". */
export function speakDuration(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  const rest = whole % 60;
  if (hours > 0)
    return minutes > 0 ? `${count(hours, 'hour')} ${count(minutes, 'minute')}` : count(hours, 'hour');
  if (minutes === 0) return count(rest, 'second');
  return rest === 0 ? count(minutes, 'minute') : `${count(minutes, 'minute')} ${rest}`;
}

/** Returns a length at a glance: "1 h 2 min", "42 min", "45 s". */
export function formatLength(seconds: number): string {
  if (seconds < 60) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  return minutes % 60 === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** Returns a position for a screen reader, such as "1 minute 23 of 4 minutes". */
export function speakPosition(seconds: number, durationSeconds: number | null): string {
  return durationSeconds === null
    ? speakDuration(seconds)
    : `${speakDuration(seconds)} of ${speakDuration(durationSeconds)}`;
}

/** Returns a short wait in words: "a few seconds", "about 40 seconds", "about 3 minutes". */
export function formatWait(seconds: number): string {
  if (seconds < 5) return 'a few seconds';
  if (seconds < 55) return `about ${Math.ceil(seconds / 5) * 5} seconds`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `about ${count(Math.max(1, minutes), 'minute')}`;
  return `about ${count(Math.round(minutes / 60), 'hour')}`;
}
