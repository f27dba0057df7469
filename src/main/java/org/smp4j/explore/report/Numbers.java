package org.smp4j.explore.report;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The numbers of objects in a text: the only object of a class needs none. */
final class Numbers {
    private static final Pattern NUMBERED = Pattern.compile("\\b([A-Za-z_]\\w*(?:\\[])?)#(\\d+)");

    private Numbers() {
    }

    /** Drops the numbers that tell no two objects of these texts apart. */
    static void drop(List<String> texts) {
        Map<String, Set<String>> numbers = new TreeMap<>();
        for (String text : texts) {
            for (Matcher match = NUMBERED.matcher(text); match.find();) {
                numbers.computeIfAbsent(match.group(1), _ -> new TreeSet<>()).add(match.group(2));
            }
        }
        texts.replaceAll(text -> NUMBERED.matcher(text).replaceAll(match -> Matcher.quoteReplacement(
                numbers.get(match.group(1)).size() == 1 ? match.group(1) : match.group())));
    }
}
