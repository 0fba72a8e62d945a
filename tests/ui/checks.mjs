// What must hold on every screen, at every size, in every theme and language. Run inside the page by the debugger, so
// that the window's own policy stays in force.

const LARGE_ENOUGH = 24;
const OURS = 44;

/** Evaluates a function in the page without `eval`, which the policy forbids. */
export async function inPage(session, run, ...args) {
  const { result, exceptionDetails } = await session.send('Runtime.evaluate', {
    expression: `(${run})(...${JSON.stringify(args)})`,
    awaitPromise: true,
    returnByValue: true,
  });
  if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
  return result.value;
}

/** Violations of axe, one line each. Of a second theme of the same page only the colours can differ. */
export async function axeViolations(session, coloursOnly) {
  return inPage(
    session,
    async (coloursOnly) => {
      const { violations } = await globalThis.axe.run(document, {
        resultTypes: ['violations'],
        iframes: false,
        ...(coloursOnly ? { runOnly: ['color-contrast', 'link-in-text-block'] } : {}),
      });
      return violations.flatMap((rule) =>
        rule.nodes.map(
          (node) => `axe ${rule.id}: ${node.target.join(' ')} ${node.failureSummary?.split('\n')[1] ?? ''}`,
        ),
      );
    },
    coloursOnly,
  );
}

/** Everything else: reflow, targets, headings, language. */
export async function pageFaults(session, language) {
  return inPage(
    session,
    (language, enough, ours) => {
      const faults = [];
      const { scrollWidth } = document.documentElement;
      if (scrollWidth > innerWidth) faults.push(`scrolls sideways: ${scrollWidth} > ${innerWidth}`);
      if (document.documentElement.lang !== language) faults.push(`lang is ${document.documentElement.lang}`);

      const headings = [...document.querySelectorAll('h1, h2, h3, h4')].filter(
        (one) => !one.closest('[inert]'),
      );
      const first = headings.filter((one) => one.localName === 'h1');
      if (first.length !== 1) faults.push(`${first.length} h1`);
      let level = 0;
      for (const heading of headings.filter((one) => !one.closest('dialog'))) {
        const next = Number(heading.localName.slice(1));
        if (next > level + 1) faults.push(`heading skips to ${heading.localName}: ${heading.textContent}`);
        level = next;
      }

      // A control's target is its label, where the label is what answers to the pointer.
      const dialog = document.querySelector('dialog[open]');
      for (const control of (dialog ?? document).querySelectorAll(
        'button, a[href], input, select, textarea, summary',
      )) {
        if (control.closest('[inert], .visually-hidden') || control.matches('.visually-hidden, .skip'))
          continue;
        if (!control.checkVisibility({ visibilityProperty: true })) continue;
        const box = (control.closest('label') ?? control).getBoundingClientRect();
        const after = getComputedStyle(control, '::after');
        const grown =
          after.position === 'absolute' && after.content !== 'none' ? control.closest('.row') : null;
        const { width, height } = grown?.getBoundingClientRect() ?? box;
        const name = control.getAttribute('aria-label') ?? control.textContent.trim();
        if (width < enough || height < enough)
          faults.push(`target ${Math.round(width)}×${Math.round(height)}: ${name}`);
        // Links in the middle of a sentence may be as tall as the line.
        else if (height < ours && !control.closest('p'))
          faults.push(`target under ours ${Math.round(height)}: ${name}`);
      }

      // A text wider than its box is cut or spills.
      for (const box of document.querySelectorAll('button, h1, h2, dt, dd, label, .chip')) {
        if (box.closest('.visually-hidden, [inert]') || box.matches('.visually-hidden')) continue;
        if (
          box.scrollWidth > box.clientWidth + 1 &&
          box.clientWidth > 0 &&
          getComputedStyle(box).display !== 'inline'
        )
          faults.push(
            `spills ${box.scrollWidth} > ${box.clientWidth}: ${box.textContent.trim().slice(0, 40)}`,
          );
      }
      // What stands in a button or on a document's face must not reach over its edge, where it would be cut.
      for (const box of document.querySelectorAll('button, .face')) {
        if (box.closest('.visually-hidden, [inert]') || !box.checkVisibility()) continue;
        const edge = box.getBoundingClientRect();
        const cut = [...box.querySelectorAll('*')].some((part) => {
          const { bottom, right, width } = part.getBoundingClientRect();
          return (
            width > 0 &&
            !part.matches('.visually-hidden') &&
            (bottom > edge.bottom + 1 || right > edge.right + 1)
          );
        });
        if (cut) faults.push(`cut: ${box.textContent.trim().replace(/\s+/g, ' ').slice(0, 60)}`);
      }
      return faults;
    },
    language,
    LARGE_ENOUGH,
    OURS,
  );
}

/** On arrival the focus is on the heading, on the field that has an error, or on the way back to where the person came from. */
export async function focusFault(session) {
  return inPage(session, () => {
    const at = document.activeElement;
    const right =
      at?.matches(
        'h1, [role="alert"], [aria-invalid="true"], [aria-describedby="result-said"], dialog, dialog *',
      ) || at?.closest('fieldset')?.querySelector('.field-error');
    return right ? null : `focus is on ${at?.localName} ${at?.textContent?.trim().slice(0, 40) ?? ''}`;
  });
}

/** English names of months on a Welsh screen would come from the browser, not from us. */
export async function languageFault(session) {
  return inPage(session, () => {
    const found = document.body.innerText.match(
      /\b(January|February|March|April|May|June|July|August|September|October|November|December)\b/,
    );
    return found ? `an English month: ${found[0]}` : null;
  });
}
