package org.smp4j.explore.report;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.smp4j.explore.model.Describer;

/** What strands do, in words. */
final class Phrases {
    private static final Set<String> MUTE = Set.of("onSpinWait", "start", "fullFence", "loadLoadFence",
            "storeStoreFence", "acquireFence", "releaseFence");

    /** A note about something with a number: what comes before it, the number, the rest. */
    private static final Pattern COUNTED = Pattern.compile("(\\D*)(\\d+)(: .*)");

    // Fields that were named with their class before.
    private final Set<String> known = new HashSet<>();

    /** {@return the steps of one stretch, grouped by function} */
    String of(List<Step> steps) {
        StringBuilder text = new StringBuilder();
        String function = "";
        String object = "";
        String last = "";
        for (Step step : steps) {
            String phrase = step.forced && step.note != null ? "" : of(step, object);
            if (phrase.isEmpty() || phrase.equals(last)) {
                continue;
            }
            if (joins(text, step, last, phrase)) {
                last = phrase;
                continue;
            }
            last = phrase;
            object = objectOf(step);
            String in = functionOf(step);
            text.append(text.isEmpty() ? "" : in.equals(function) || in.isEmpty() ? ", " : "; ");
            if (!in.equals(function) && !in.isEmpty()) {
                int line = in.indexOf(".java:");
                boolean sameFile = line > 0 && function.startsWith(in.substring(0, line + ".java:".length()));
                text.append(sameFile ? in.substring(line + ".java".length()) : in).append(": ");
                function = in;
            }
            text.append(phrase);
        }
        return text.toString();
    }

    /** {@return one step by itself, never empty} */
    String full(Step step) {
        known.clear();
        String phrase = of(step, "");
        return phrase.isEmpty() ? step.operation() + (step.name == null ? "" : " " + step.name) : phrase;
    }

    /** Two notes that differ in one number only become one with both numbers. */
    private static boolean joins(StringBuilder text, Step step, String last, String phrase) {
        Matcher before = COUNTED.matcher(last);
        Matcher now = COUNTED.matcher(phrase);
        if (step.note == null || !before.matches() || !now.matches() || !before.group(1).equals(now.group(1))
                || !before.group(3).equals(now.group(3))) {
            return false;
        }
        text.insert(text.length() - now.group(3).length(), ", " + now.group(2));
        return true;
    }

    /** {@return the user's line, or the machinery's function without its class} */
    private static String functionOf(Step step) {
        if (step.note != null) {
            return "";
        }
        return step.own ? step.user : step.function.substring(step.function.indexOf('.') + 1);
    }

    private static String objectOf(Step step) {
        return step.name == null || step.note != null || step.name.indexOf('.') < 0 ? ""
                : step.name.substring(0, step.name.lastIndexOf('.'));
    }

    /** {@return one step in words; empty for one that is not worth a word} */
    private String of(Step step, String object) {
        if (step.note != null) {
            return step.note;
        }
        String operation = step.operation();
        if (step.location == null || step.name == null) {
            return MUTE.contains(operation) ? "" : operation;
        }
        if (step.role == Describer.Role.LOCK) {
            String lock = step.lockName();
            return step.failed ? "finds " + lock + " taken" : step.reads && step.writes ? "takes " + lock
                    : step.writes ? "releases " + lock : "";
        }
        String name = nameOf(step, object);
        if (step.value == null) {
            return switch (operation) {
                case "end" -> "ends";
                case "join" -> "joins " + name.replaceAll(" end$", "");
                default -> operation + " " + name + (step.failed ? " fails" : "");
            };
        }
        if (step.failed) {
            return operation + " of " + name + " fails";
        }
        if (step.writes && step.isFetch()) {
            return step.becomes == null ? "changes " + name + " (was " + step.value + ")"
                    : step.becomes.equals(step.value) ? "finds " + name + " " + step.value
                    : "changes " + name + " " + step.value + " -> " + step.becomes;
        }
        return step.writes ? name + " = " + step.value : "sees " + name + " " + step.value;
    }

    /** A field stands with its object, but for the second time in a row; one of the user's with its class once. */
    private String nameOf(Step step, String object) {
        String own = objectOf(step);
        if (own.isEmpty()) {
            return step.name;
        }
        String field = step.name.substring(own.length() + 1);
        boolean again = step.own && !known.add(step.name)
                && known.stream().noneMatch(name -> name.endsWith("." + field) && !name.equals(step.name));
        return own.equals(object) || again ? field : step.name;
    }
}
