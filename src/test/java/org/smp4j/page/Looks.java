package org.smp4j.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

/** What every page must look like at every width: nothing overlaps, is cut off or hard to read; no complaints. */
final class Looks {
    private static final double LEAST_CONTRAST = 4.5;
    private static final int LEAST_FOR_WORDS = 1000;
    private static final String OVERFLOW = """
            return document.documentElement.scrollWidth - document.documentElement.clientWidth;""";
    private static final String OVERLAPS = """
            const parts = [...document.querySelectorAll('.bar > *')].map(part => part.getBoundingClientRect());
            const meet = (a, b) => a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1
                && b.top < a.bottom - 1;
            return parts.filter((a, i) => parts.some((b, j) => i < j && meet(a, b))).length;""";
    private static final String CUT = """
            return [...document.querySelectorAll('.lanes td.on, #state dd, .bar button, .races td, .races th, '
                + '.figures td, .figures th')]
                .filter(part => part.offsetParent !== null && part.scrollWidth > part.clientWidth + 1).length;""";
    /** Rows of lanes that lie below the head of the lanes when the page is at its top. */
    private static final String COVERED = """
            window.scrollTo(0, 0);
            const heads = [...document.querySelectorAll('.lanes thead th')].map(head => head.getBoundingClientRect());
            const row = [...document.querySelectorAll('.lanes tbody tr')].find(each => each.offsetParent !== null);
            const top = row ? row.getBoundingClientRect().top : 0;
            return heads.filter(head => row && head.bottom > top + 1).length;""";
    /** Words that a line break cuts in two; narrow lanes can't do without. */
    private static final String BROKEN = """
            const broken = [];
            for (const part of document.querySelectorAll('td.on span, td.on b, td.on em, td.on strong, td i, #what, '
                + '#source, #state dt, #state dd, .races td')) {
                for (const text of part.offsetParent !== null ? part.childNodes : []) {
                    for (const word of (text.data || '').matchAll(/[A-Za-z0-9]+/g)) {
                        const range = document.createRange();
                        range.setStart(text, word.index);
                        range.setEnd(text, word.index + word[0].length);
                        if (new Set([...range.getClientRects()].map(box => Math.round(box.top))).size > 1) {
                            broken.push(word[0]);
                        }
                    }
                }
            }
            return broken;""";
    /** The least contrast of a text on its ground, of those that the page has. */
    private static final String CONTRAST = """
            const light = color => { const c = color.match(/[\\d.]+/g).slice(0, 3).map(v => v / 255)
                .map(v => v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4);
                return .2126 * c[0] + .7152 * c[1] + .0722 * c[2]; };
            const ground = part => { for (; part; part = part.parentElement) {
                const color = getComputedStyle(part).backgroundColor;
                if (!color.match(/, 0\\)$/)) { return color; } } return 'rgb(255, 255, 255)'; };
            let least = 99;
            for (const part of document.querySelectorAll('h1, h2, p, a, th, td.on span, td.on b, td.on em, '
                + 'td.on strong, .races td, .figures td, i, dt, dd, li, pre, button, output, label, summary')) {
                if (part.offsetParent !== null && part.textContent.trim()) {
                    const a = light(getComputedStyle(part).color);
                    const b = light(ground(part));
                    least = Math.min(least, (Math.max(a, b) + .05) / (Math.min(a, b) + .05));
                }
            }
            return least;""";

    private Looks() {
    }

    static void check(Browser browser, int width, String where) {
        if (width >= LEAST_FOR_WORDS) {
            assertThat(browser.<List<String>>run(BROKEN)).as(where).isEmpty();
        }
        assertThat(browser.<Long>run(OVERFLOW)).as(where).isZero();
        assertThat(browser.<Long>run(OVERLAPS)).as(where).isZero();
        assertThat(browser.<Long>run(COVERED)).as(where).isZero();
        assertThat(browser.<Long>run(CUT)).as(where).isZero();
        assertThat(browser.<Number>run(CONTRAST).doubleValue()).as(where).isGreaterThan(LEAST_CONTRAST);
        assertThat(browser.complaints()).as(where).isEmpty();
    }
}
