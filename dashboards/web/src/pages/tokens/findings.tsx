import { Status, type StatusKind } from '../../components/status.tsx';
import type { Finding } from './token-calls.ts';

const LEVELS = [
  ['structure', 'Structure', 'each claim has the right form'],
  ['logic', 'Logic', 'the claims fit together and are valid now'],
  ['data', 'Data', 'the viewer and the resources are known'],
] as const;

const KINDS: Readonly<Record<string, StatusKind>> = { error: 'bad', warning: 'warn', info: 'idle' };

interface FindingsProps {
  readonly findings: readonly Finding[];
  /** Validation levels that the token test checked. */
  readonly levels?: readonly string[];
}

/** The findings of a token test by validation level. A level without errors and warnings is shown as passed. */
export function Findings({ findings, levels = ['structure', 'logic', 'data'] }: FindingsProps) {
  return (
    <div class="levels">
      {LEVELS.filter(([level]) => levels.includes(level)).map(([level, title, question]) => {
        const own = findings.filter((finding) => finding.level === level);
        return (
          <section key={level} class="level" aria-label={title}>
            <h3>
              <Status kind={worstOf(own)}>{title}</Status>
              <span class="level__question">{question}</span>
            </h3>
            <ul>
              {own.map((finding) => (
                <li key={`${finding.path} ${finding.message}`} class="finding">
                  <Status kind={KINDS[finding.severity] ?? 'idle'}>{finding.severity}</Status>
                  <p class="finding__text">
                    <code>{finding.path}</code> {finding.message}
                    {finding.fix && <span class="finding__fix">{finding.fix}</span>}
                  </p>
                </li>
              ))}
            </ul>
          </section>
        );
      })}
    </div>
  );
}

function worstOf(findings: readonly Finding[]): StatusKind {
  if (findings.some(({ severity }) => severity === 'error')) return 'bad';
  return findings.some(({ severity }) => severity === 'warning') ? 'warn' : 'good';
}
