package org.smp4j.explore;

/** What the runs of an exploration came upon that no step tells, so that a search does not try it in every order: it is named in the claim. */
final class Unseen {
    /** What it is. */
    enum Rule {
        SPIN(true, "a thread that spins or yields goes on only when something that it has read has changed, or no other can"),
        STATE(true, "a thread that is about to wait is taken for one that waits where another asks for its state"),
        NOTIFY(true, "notify wakes the thread that has waited longest"),
        WAIT(true, "no wake-up is spurious"),
        RELEASE(false, "use after release is looked for in the order of the runs that were made, and in no other"),
        LOOK(false, "what a scenario looks at quietly it sees in the order of the runs that were made, and in no other"),
        HASH(false, "identity hash codes are those of the order in which the runs that were made ask for them");

        // Whether also where each schedule is made, up to a bound, and not one for each order of dependent steps.
        private final boolean always;
        private final String text;

        Rule(boolean always, String text) {
            this.always = always;
            this.text = text;
        }
    }

    private int seen;

    void add(Rule rule) {
        seen |= 1 << rule.ordinal();
    }

    /**
     * Names them.
     *
     * @param reduced whether of orders that only steps tell apart one was made
     * @return a part of a claim
     */
    String claim(boolean reduced) {
        StringBuilder text = new StringBuilder();
        for (Rule rule : Rule.values()) {
            if ((seen & 1 << rule.ordinal()) != 0 && (rule.always || reduced)) {
                text.append("; ").append(rule.text);
            }
        }
        return text.toString();
    }
}
