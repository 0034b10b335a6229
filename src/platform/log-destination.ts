import { constants, openSync, write, writeSync } from 'node:fs';
import { Socket } from 'node:net';

/** Writes log lines to standard error. It never blocks the process and never throws. */
export interface LogDestination {
  write(line: string): void;
  /** Returns the number of lines that were dropped, because standard error was full or closed. */
  droppedLines(): number;
}

/** Maximum size of the lines that wait for a slow reader or disk. Further lines are dropped. */
const maxWaitingBytes = 256 * 1024;
const retryMs = 100;

/** Creates the destination for the standard error of this process. */
export function createLogDestination(): LogDestination {
  return process.stderr instanceof Socket && !process.stderr.isTTY
    ? createPipeDestination(process.stderr)
    : createFileDestination(openStandardError());
}

/**
 * Creates a destination that writes to a pipe or a socket. Node buffers the lines that the reader has not read,
 * without blocking.
 */
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
 * Opens standard error again in non-blocking mode. Otherwise a terminal that is paused with Ctrl+S would block a
 * thread. If the system does not allow this, returns the existing file descriptor 2.
 */
function openStandardError(): number {
  try {
    return openSync('/proc/self/fd/2', constants.O_WRONLY | constants.O_APPEND | constants.O_NONBLOCK);
  } catch {
    return 2;
  }
}

/**
 * Creates a destination that writes to a file or a terminal, one write at a time. If a write fails, for example
 * because the disk is full, its lines are dropped.
 */
export function createFileDestination(file: number): LogDestination {
  let dropped = 0;
  let waiting: string[] = [];
  let waitingBytes = 0;
  let isWriting = false;
  /**
   * True if the last write failed and may have written part of a line. The next write then starts with a line break.
   */
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
      // The lines are lost and not counted, because the process is exiting.
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
