package org.smp4j.litmus.search;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The choices that lead to a state, last one first.
 *
 * @param before the choices before; null if there are none
 * @param thread the thread that takes a step
 * @param choice which of the states after its step follows
 */
record Path(Path before, int thread, int choice) {
    static List<Path> inOrder(Path last) {
        List<Path> choices = new ArrayList<>();
        for (Path choice = last; choice != null; choice = choice.before) {
            choices.add(choice);
        }
        Collections.reverse(choices);
        return choices;
    }
}
