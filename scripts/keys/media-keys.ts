import { newMediaKeys } from '../start/data-folder.ts';

console.log(newMediaKeys());
