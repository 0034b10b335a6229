import { parentPort, workerData } from 'node:worker_threads';
import { mintRequests } from './requests.ts';

const minted = mintRequests(workerData);
parentPort?.postMessage(minted, [minted.bytes.buffer, minted.ends.buffer]);
