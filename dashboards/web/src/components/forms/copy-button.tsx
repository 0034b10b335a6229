import { useState } from 'preact/hooks';
import { announce } from '../../lib/announce.ts';
import { Icon } from '../icons.tsx';

interface CopyButtonProps {
  readonly text: string;
  readonly label?: string;
}

/** A button that copies a text and confirms it. */
export function CopyButton({ text, label = 'Copy' }: CopyButtonProps) {
  const [isCopied, setCopied] = useState(false);
  async function copy(): Promise<void> {
    await copyText(text);
    setCopied(true);
    announce('Copied.');
    setTimeout(() => setCopied(false), 2000);
  }
  return (
    <button type="button" class="button" onClick={() => void copy()}>
      <Icon name={isCopied ? 'check' : 'copy'} /> {isCopied ? 'Copied' : label}
    </button>
  );
}

/** Copies a text to the clipboard. It also works over plain HTTP, where browsers offer no clipboard API. */
export async function copyText(text: string): Promise<void> {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const area = document.createElement('textarea');
  area.value = text;
  area.className = 'visually-hidden';
  (document.querySelector('dialog[open]') ?? document.body).append(area);
  area.select();
  document.execCommand('copy');
  area.remove();
}
