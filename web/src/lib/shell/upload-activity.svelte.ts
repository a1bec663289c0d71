/** What the shell shows of uploads without loading what does them. */
class UploadActivity {
  count = $state(0);
  sentBytes = $state(0);
  totalBytes = $state(0);

  get percent(): number {
    return this.totalBytes === 0 ? 0 : Math.floor((this.sentBytes / this.totalBytes) * 100);
  }
}

export const uploadActivity = new UploadActivity();
