package org.smp4j.fuzz.program;

import java.util.ArrayList;
import java.util.List;

/**
 * An operation of a program: a function of the tower with its arguments. Operations in its body are what a function
 * does that is passed to it, or what is done between taking something and giving it back.
 *
 * @param name the name of its production
 * @param args its arguments
 * @param body the operations in it
 */
public record Op(String name, List<Integer> args, List<Op> body) {
    /** Copies the lists. */
    public Op {
        args = List.copyOf(args);
        body = List.copyOf(body);
    }

    /**
     * {@return an argument}
     *
     * @param index which, from 0
     */
    public int arg(int index) {
        return args.get(index);
    }

    /** {@return how many operations there are: this one and those in it} */
    public int size() {
        int size = 1;
        for (Op op : body) {
            size += op.size();
        }
        return size;
    }

    /**
     * {@return the same operation with another body}
     *
     * @param value the body
     */
    public Op withBody(List<Op> value) {
        return new Op(name, args, value);
    }

    /**
     * {@return the same operation with another argument}
     *
     * @param index which, from 0
     * @param value the argument
     */
    public Op withArg(int index, int value) {
        List<Integer> changed = new ArrayList<>(args);
        changed.set(index, value);
        return new Op(name, changed, body);
    }
}
