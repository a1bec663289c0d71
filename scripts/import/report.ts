import { count } from '../lib/format.ts';
import type { HeldRelease } from '../lib/release-shelf.ts';

/** Why a file did not make it: the code is stable, the reason a sentence for people. */
export type Failure = { file: string; code: string; reason: string };

/** What became of every file. */
export class Report {
  imported = 0;
  resumed = 0;
  alreadyThere = 0;
  /** Sent, but the server was still preparing them when the import ended. */
  preparing = 0;
  /** Files whose bytes are the same as another file's in this folder. */
  readonly duplicates: { file: string; of: string }[] = [];
  readonly withoutCover: string[] = [];
  /** Files without an embedded cover that have a picture beside them in the folder. */
  folderCoverOnly = 0;
  untagged = 0;
  /** Releases that came out in this run. */
  published = 0;
  readonly held: HeldRelease[] = [];
  readonly failures: Failure[] = [];
  readonly notes: Failure[] = [];

  /** Adds a failure. */
  fail(file: string, code: string, reason: string): void {
    this.failures.push({ file, code, reason });
  }

  /** Returns the summary as lines. */
  lines(): string[] {
    const lines = [
      `${count(this.imported, 'file')} imported${this.resumed > 0 ? ` (${this.resumed} continued from an earlier run)` : ''}, ` +
        `${this.alreadyThere} already there, ${count(this.duplicates.length, 'duplicate')}, ${this.failures.length} failed.`,
    ];
    if (this.published > 0) lines.push(`${count(this.published, 'release')} published.`);
    for (const { title, reason } of this.held) lines.push(`  not published: ${title}: ${reason}`);
    if (this.preparing > 0) lines.push(`${count(this.preparing, 'file')} sent and still being prepared.`);
    for (const { file, of } of this.duplicates) lines.push(`  same as another: ${file} = ${of}`);
    if (this.withoutCover.length > 0) {
      const beside =
        this.folderCoverOnly > 0
          ? ` (${this.folderCoverOnly} of them have a picture in their folder, which is not sent yet)`
          : '';
      lines.push(
        `${count(this.withoutCover.length, 'file')} without an embedded cover will show a generated cover${beside}.`,
      );
    }
    if (this.untagged > 0) {
      lines.push(`${count(this.untagged, 'file')} without readable tags: named after the file.`);
    }
    for (const { file, code, reason } of this.notes) lines.push(`  note: ${file}: ${reason} (${code})`);
    if (this.failures.length > 0) lines.push('Failed:');
    for (const { file, code, reason } of this.failures) lines.push(`  ${file}: ${reason} (${code})`);
    return lines;
  }
}
