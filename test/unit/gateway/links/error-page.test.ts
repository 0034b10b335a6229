import { describe, expect, it } from 'vitest';
import { errors } from '../../../../src/app/declared.ts';
import { gatewayErrors } from '../../../../src/gateway/declarations/errors.ts';
import { renderErrorPage } from '../../../../src/gateway/links/error-page.ts';
import { platformErrors } from '../../../../src/platform/errors/platform-errors.ts';

const definitions = Object.values(errors);

describe('renderErrorPage', () => {
  it('returns a complete page with a heading and an explanation for each error code', () => {
    for (const definition of definitions) {
      const page = renderErrorPage(definition);
      expect(page).toMatch(/^<!doctype html>\n<html lang="en">/);
      expect(page).toMatch(/<h1>[A-Z][^<>&]{5,60}<\/h1>\n<p>[A-Z][^<>&]{10,200}\.<\/p>/);
      expect(page).toContain(`<code>${definition.code}</code>`);
    }
  });

  it('returns a page without external resources, links or scripts', () => {
    for (const definition of definitions)
      expect(renderErrorPage(definition)).not.toMatch(
        /https?:|src=|href=|url\(|@import|<script|\son\w+=|style="/,
      );
  });

  it('returns a different explanation for each error that a viewer can see', () => {
    const pages = [
      'token_invalid',
      'token_expired',
      'token_not_yet_valid',
      'token_revoked',
      'rate_limited',
    ] as const;
    expect(
      new Set(
        pages.map(
          (code) => /<h1>.*<\/p>/s.exec(renderErrorPage({ ...gatewayErrors, ...platformErrors }[code]))?.[0],
        ),
      ).size,
    ).toBe(pages.length);
  });
});
