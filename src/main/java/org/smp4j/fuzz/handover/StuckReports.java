package org.smp4j.fuzz.handover;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.smp4j.explore.Exploring;
import org.smp4j.fuzz.rule.ProgramRule;

/**
 * What the report of a stuck call says about the function that its target runs: it names one, and not that there is
 * none while the sender knows of one that has begun and has not ended.
 */
public final class StuckReports {
    private static final Pattern WAITS = Pattern.compile(
            "smp: csd: (?:Detected|Continued) non-responsive CSD lock \\(#(\\d+)\\) .* (behind\\d+)\\+.*");
    private static final Pattern TARGET = Pattern.compile(
            "smp: \\tcsd: CSD lock \\(#(\\d+)\\) (unresponsive|handling prior (.*)\\(.*\\) request)\\.");
    private static final String NO_FUNCTION = "0x0";

    private final Map<String, Behind> senders = new HashMap<>(); // guarded by itself; by the name of their function
    private final Map<String, Behind> reporters = new HashMap<>(); // guarded by senders; by the number of the csd lock

    /** For a run. */
    public StuckReports() {
    }

    /** A function that takes long on a CPU, and the sender of a call that waits behind it. */
    public static final class Behind {
        /** The name of the function of the call that waits. */
        public final String name;
        private final HandOver begun;
        private final HandOver ended;
        private final boolean recorded;
        private boolean known; // written and read by the sender

        private Behind(String name, Object step, boolean recorded) {
            this.name = name;
            this.recorded = recorded;
            begun = HandOver.of("the begun function of ", step);
            ended = HandOver.of("the ended function of ", step);
        }

        /** The function begins. */
        public void begins() {
            begun.write();
        }

        /** The function ends. */
        public void ends() {
            ended.write();
        }

        /** {@return whether the sender knows from now on that the function has begun} */
        public boolean hasBegun() {
            known |= !HandOver.isChecked() || begun.isFound();
            return known;
        }
    }

    /**
     * {@return a function and a sender that waits behind it}
     *
     * @param step their operation
     * @param recorded whether it is the function of a csd: a report tells of no irq_work
     */
    public Behind behind(Object step, boolean recorded) {
        Behind[] made = new Behind[1];
        Exploring.quietly(() -> {
            synchronized (senders) {
                String name = "behind" + senders.size();
                made[0] = new Behind(name, step, recorded);
                senders.put(name, made[0]);
            }
        });
        return made[0];
    }

    /**
     * Checks a line of the log, on the thread that prints it.
     *
     * @param line the line
     */
    public void printed(String line) {
        Matcher target = TARGET.matcher(line);
        Behind[] reporter = new Behind[1];
        Exploring.quietly(() -> {
            Matcher waits = WAITS.matcher(line);
            synchronized (senders) {
                if (waits.matches() && senders.containsKey(waits.group(2))) {
                    reporters.put(waits.group(1), senders.get(waits.group(2)));
                } else if (target.matches()) {
                    reporter[0] = reporters.get(target.group(1));
                }
            }
        });
        if (reporter[0] == null) {
            return;
        }
        if (NO_FUNCTION.equals(target.group(3))) {
            ProgramRule.broken("report of no function", "a sender reports a function that is none: " + line.strip());
        } else if (target.group(3) == null && reporter[0].recorded && reporter[0].known && HandOver.isChecked()) {
            reporter[0].ended.mustBeSeen("the report \"unresponsive\" of the sender of ", reporter[0].name);
        }
    }
}
