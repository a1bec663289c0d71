import { type MailSweep, sweepMail } from './features/mail/sweep.ts';
import { type MyDataSweep, sweepMyData } from './features/my-data/sweep.ts';
import { sweepPlaylists } from './features/playlists/own-data.ts';
import { PLAYLISTS_SWEPT } from './features/playlists/policy.ts';
import { sweepTranscodes, type TranscodeSweep } from './features/transcodes/sweep.ts';
import { sweepUploads } from './features/uploads/service.ts';
import type { Services } from './services.ts';
import { type CatalogueSweep, sweepCatalogue } from './wiring/catalogue.ts';

/** What one sweep did. */
export interface SweepReport extends TranscodeSweep, MailSweep, MyDataSweep, CatalogueSweep {
  expiredUploads: number;
  /** Sessions and single-use values of accounts. */
  expiredSignIns: number;
  /** Playlists that can be taken back no more. */
  expiredPlaylists: number;
}

/** Puts right what time and crashes leave behind in every feature. Safe to run at any time, also twice at once. */
export async function sweep(services: Services, nowMs: number): Promise<SweepReport> {
  const transcodes = await sweepTranscodes(services.sweep, nowMs);
  const expiredUploads = await sweepUploads(services.uploads, nowMs);
  const now = new Date(nowMs);
  const { store, oauth } = services.accounts;
  const expiredSignIns = (await store.removeExpired(now)) + (await oauth.removeExpired(now));
  const mail = await sweepMail(services.mail, nowMs);
  const myData = await sweepMyData(services.myData, nowMs);
  const expiredPlaylists = await sweepPlaylists(services.playlists, nowMs, PLAYLISTS_SWEPT);
  const catalogue = await sweepCatalogue(services.catalogue.sweep, nowMs);
  return {
    ...transcodes,
    ...catalogue,
    expiredUploads,
    expiredSignIns,
    expiredPlaylists,
    ...mail,
    ...myData,
  };
}
