package org.smp4j.explore.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.smp4j.explore.model.PlainText;
import org.smp4j.explore.model.Sites;
import org.smp4j.explore.run.Location;

/**
 * A recording as text: one column per CPU or thread, one line per step that matters. A step matters if it reads a value
 * that another column wrote or writes one that another column reads, if it read a value that another column then
 * changes, if a switch was forced there, if the scenario adds a note, or if it is a column's last.
 */
public final class Columns {
    private static final int MOST_LINES = 160;
    private static final int MANY_LINES = 60;
    private static final int CONTEXT = 5;
    private static final int MOST_WIDTH = 60;

    private static final int MOST_OF_A_ROUND = 40;

    /** What has the same name but for a number at its end is in the order of the numbers. */
    static final Comparator<String> BY_NUMBER = Comparator.comparing((String name) -> name.replaceAll("[0-9]+$", ""))
            .thenComparing(String::length).thenComparing(Comparator.naturalOrder());

    private final List<Step> steps;
    private final String marked;
    private final List<String> names = new ArrayList<>();
    // By step, a line that stands above it.
    private final Map<Step, String> headings = new HashMap<>();

    /** Makes the text of a recording. */
    public Columns(Recording recording) {
        steps = recording.steps();
        marked = recording.readsOlder() ? "a switch or an interrupt was forced, or an older value read"
                : "a switch or an interrupt was forced";
    }

    /** {@return the table of a run that ended} */
    public List<String> lines() {
        return table(cut(telling(steps), MOST_LINES));
    }

    /**
     * As {@link #lines}, for a run without an end: the steps that lead to the endless loop, and one round of the loop.
     */
    public List<String> once() {
        Cycle round = Cycle.of(steps);
        if (round.length() == 0) {
            return table(cut(telling(steps), MOST_OF_A_ROUND));
        }
        List<Step> shown = new ArrayList<>(cut(telling(steps.subList(0, round.begin())), MOST_OF_A_ROUND));
        List<Step> goesRound = steps.subList(steps.size() - round.length(), steps.size());
        List<Step> told = round.length() <= MOST_OF_A_ROUND ? goesRound
                : cut(goesRound.stream().filter(matter(goesRound)::contains).toList(), MOST_OF_A_ROUND);
        headings.put(told.getFirst(), "   ... | from here on the same again and again, " + round.length()
                + (round.length() == 1 ? " step" : " steps") + " each time; once:");
        shown.addAll(told);
        return table(shown);
    }

    private static List<Step> telling(List<Step> among) {
        Set<Step> matter = matter(among);
        matter.removeIf(step -> !step.explored); // the setup of the scenario is always the same
        Set<Step> telling = matter.size() > MANY_LINES ? aroundForced(among, matter) : matter;
        return among.stream().filter(telling::contains).toList();
    }

    private List<Step> cut(List<Step> shown, int most) {
        int skipped = Math.max(0, shown.size() - most);
        if (skipped > 0) {
            headings.put(shown.get(skipped), "   ... | " + skipped + " steps before");
        }
        return shown.subList(skipped, shown.size());
    }

    private List<String> table(List<Step> shown) {
        shown.forEach(step -> {
            if (!names.contains(step.column)) {
                names.add(step.column);
            }
        });
        names.sort(BY_NUMBER);
        List<String[]> cells = new ArrayList<>();
        Map<String, String> actors = new HashMap<>(); // by column, the strand that stood there last
        int[] widths = new int[names.size()];
        for (int i = 0; i < widths.length; i++) {
            widths[i] = PlainText.of(names.get(i)).length();
        }
        for (Step step : shown) {
            int column = names.indexOf(step.column);
            boolean isNew = !step.actor.equals(actors.put(step.column, step.actor)) && !step.actor.equals(step.column);
            String text = (step.forced ? "> " : "  ") + PlainText.of((isNew ? step.actor + ": " : "") + what(step));
            int most = step.older ? 2 * MOST_WIDTH : MOST_WIDTH;
            text = text.length() > most ? text.substring(0, most - 1) + "~" : text;
            widths[column] = Math.max(widths[column], text.length());
            cells.add(new String[] {Integer.toString(column), text,
                    step.note == null && !Sites.get(step.site).owner().isEmpty() ? Sites.get(step.site).place() : ""});
        }
        List<String> lines = new ArrayList<>();
        lines.add("one column per CPU or thread; > marks where " + marked);
        StringBuilder head = new StringBuilder("  step ");
        for (int i = 0; i < widths.length; i++) {
            head.append("| ").append(pad(PlainText.of(names.get(i)), widths[i])).append(' ');
        }
        lines.add(head.append("|").toString().stripTrailing());
        for (int n = 0; n < cells.size(); n++) {
            if (headings.containsKey(shown.get(n))) {
                lines.add(headings.get(shown.get(n)));
            }
            StringBuilder line = new StringBuilder("%6d ".formatted(shown.get(n).number));
            for (int i = 0; i < widths.length; i++) {
                line.append("| ")
                        .append(pad(Integer.toString(i).equals(cells.get(n)[0]) ? cells.get(n)[1] : "", widths[i]))
                        .append(' ');
            }
            lines.add(line.append("| ").append(cells.get(n)[2]).toString().stripTrailing());
        }
        return lines;
    }

    private static String pad(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length()));
    }

    private static Set<Step> matter(List<Step> steps) {
        Set<Step> matter = new HashSet<>();
        Map<Location, Step> written = new HashMap<>();
        Map<Location, Map<String, Step>> read = new HashMap<>();
        Map<String, Step> last = new HashMap<>();
        // a spinning strand reads the same value again and again: once is enough
        Map<Step, Set<String>> seen = new HashMap<>();
        for (Step step : steps) {
            if (step.forced || step.note != null) {
                matter.add(step);
            }
            if (step.location != null) {
                Step from = written.get(step.location);
                if (step.reads && from != null && !from.column.equals(step.column)
                        && seen.computeIfAbsent(from, _ -> new HashSet<>()).add(step.column)) {
                    matter.add(from);
                    matter.add(step);
                }
                if (step.reads) {
                    read.computeIfAbsent(step.location, _ -> new HashMap<>()).put(step.column, step);
                }
                if (step.writes) {
                    written.put(step.location, step);
                    Map<String, Step> before = read.remove(step.location);
                    if (before != null && before.keySet().stream().anyMatch(column -> !column.equals(step.column))) {
                        before.remove(step.column);
                        matter.addAll(before.values());
                        matter.add(step);
                    }
                }
            }
            last.put(step.column, step);
        }
        matter.addAll(last.values());
        return matter;
    }

    /**
     * In a long run: the steps of a preempted strand just before and after its preemption, all steps that write the
     * same locations, and every column's last step.
     */
    private static Set<Step> aroundForced(List<Step> steps, Set<Step> matter) {
        Set<Location> telling = new HashSet<>();
        Set<Step> around = new HashSet<>();
        Map<Integer, List<Step>> byStrand = new HashMap<>();
        steps.forEach(step -> byStrand.computeIfAbsent(step.strand, _ -> new ArrayList<>()).add(step));
        for (Step step : steps) {
            if (step.stopped >= 0) {
                List<Step> own = byStrand.getOrDefault(step.stopped, List.of());
                int at = (int) own.stream().takeWhile(other -> other.index < step.index).count();
                for (Step near : own.subList(Math.max(0, at - CONTEXT), Math.min(own.size(), at + CONTEXT))) {
                    around.add(near);
                    if (near.location != null) {
                        telling.add(near.location);
                    }
                }
            }
        }
        Map<String, Step> last = new HashMap<>();
        for (Step step : steps) {
            boolean tells = step.writes && telling.contains(step.location) && matter.contains(step);
            if (step.forced || step.note != null || tells) {
                around.add(step);
            }
            last.put(step.column, step);
        }
        around.addAll(last.values());
        around.removeIf(step -> !step.explored);
        return around;
    }

    private static String what(Step step) {
        if (step.note != null) {
            return step.note;
        }
        String operation = Sites.get(step.site).operation();
        String object = step.name == null ? "" : " " + step.name;
        String effect = step.failed ? " fails" : "";
        String value = step.value == null ? "" : step.writes && !step.reads ? " = " + step.value : " -> " + step.value;
        return operation + object + effect + value;
    }
}
