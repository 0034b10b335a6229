import { constants, openSync, write, writeSync } from 'node:fs';
import { Socket } from 'node:net';

/** Standard error as the destination of log lines. It never blocks the process and never throws. */
export interface LogDestination {
  write(line: string): void;
  /** Returns the number of lines that were not written because standard error was full or closed. */
  droppedLines(): number;
}

/** Size of the lines that may wait for a slow reader or a slow disk. */
const maxWaitingBytes = 256 * 1024;
const retryMs = 100;

/** Creates the destination for the standard error of this process. */
export function createLogDestination(): LogDestination {
  return process.stderr instanceof Socket && !process.stderr.isTTY
    ? createPipeDestination(process.stderr)
    : createFileDestination(openStandardError());
}

/** Writes to a pipe or a socket. Node never blocks on it, and keeps the lines that a reader has not read. */
function createPipeDestination(stream: Socket): LogDestination {
  let dropped = 0;
  // Each failed write emits an error, for example if the reader has closed the pipe.
  stream.on('error', () => {
    dropped += 1;
  });
  return {
    write(line) {
      if (stream.writableLength > maxWaitingBytes) dropped += 1;
      else stream.write(line);
    },
    droppedLines: () => dropped,
  };
}

/**
 * Opens standard error again without blocking, so that a terminal that Ctrl+S has stopped does not block a thread.
 * Not every system allows this. The file descriptor 2 then stays as it is.
 */
function openStandardError(): number {
  try {
    return openSync('/proc/self/fd/2', constants.O_WRONLY | constants.O_APPEND | constants.O_NONBLOCK);
  } catch {
    return 2;
  }
}

/** Writes to a file or a terminal, one write at a time. Lines of a failed write are dropped, for example on a full disk. */
export function createFileDestination(file: number): LogDestination {
  let dropped = 0;
  let waiting: string[] = [];
  let waitingBytes = 0;
  let isWriting = false;
  /** True after a failed write that has written a part of a line. */
  let isInsideLine = false;

  function writeNext(): void {
    if (waiting.length === 0) return;
    const lines = waiting;
    waiting = [];
    waitingBytes = 0;
    isWriting = true;
    writeRest(Buffer.from(`${isInsideLine ? '\n' : ''}${lines.join('')}`), lines.length);
    isInsideLine = false;
  }

  function writeRest(rest: Buffer, lineCount: number): void {
    write(file, rest, (error, written) => {
      if (error === null && written < rest.length) return writeRest(rest.subarray(written), lineCount);
      if (error?.code === 'EAGAIN') {
        setTimeout(() => writeRest(rest, lineCount), retryMs).unref();
        return;
      }
      if (error !== null) {
        dropped += lineCount;
        isInsideLine = true;
      }
      isWriting = false;
      writeNext();
    });
  }

  process.once('exit', () => {
    try {
      if (waiting.length > 0) writeSync(file, waiting.join(''));
    } catch {
      // The lines are lost, and so is the metric that counts them.
    }
  });
  return {
    write(line) {
      if (waitingBytes > maxWaitingBytes) {
        dropped += 1;
        return;
      }
      waiting.push(line);
      waitingBytes += line.length;
      if (!isWriting) writeNext();
    },
    droppedLines: () => dropped,
  };
}
