const BROWSERS: [pattern: RegExp, name: string][] = [
  [/\bEdgA?\//, 'Edge'],
  [/\bOPR\//, 'Opera'],
  [/\bSamsungBrowser\//, 'Samsung Internet'],
  [/\bFirefox\/|\bFxiOS\//, 'Firefox'],
  [/\bCriOS\/|\b(?:Headless)?Chrome\//, 'Chrome'],
  [/\bVersion\/[\d.]+.*\bSafari\//, 'Safari'],
];

const SYSTEMS: [pattern: RegExp, name: string, isHandheld: boolean][] = [
  [/\biPhone\b/, 'iPhone', true],
  [/\biPad\b/, 'iPad', true],
  [/\bAndroid\b/, 'Android', true],
  [/\bCrOS\b/, 'ChromeOS', false],
  [/\bMac OS X\b|\bMacintosh\b/, 'Mac', false],
  [/\bWindows\b/, 'Windows', false],
  [/\bLinux\b|\bX11\b/, 'Linux', false],
];

/** What a session's device is called, and whether it fits a hand. */
export interface Device {
  name: string;
  isHandheld: boolean;
}

/** Returns what a browser's own words for itself (User-Agent) say to a person: "Firefox on Android". */
export function deviceOf(userAgent: string | null): Device {
  const words = userAgent ?? '';
  const browser = BROWSERS.find(([pattern]) => pattern.test(words))?.[1];
  const [, system, isHandheld = false] = SYSTEMS.find(([pattern]) => pattern.test(words)) ?? [];
  if (browser !== undefined && system !== undefined) return { name: `${browser} on ${system}`, isHandheld };
  // Programs name themselves first: "curl/8.5", "MelroApp/2.1 (…)".
  const program = /^([\w .-]{1,40})\//.exec(words)?.[1];
  const ownName = program === 'Mozilla' ? undefined : program;
  return { name: browser ?? system ?? ownName ?? 'An unknown device', isHandheld };
}
