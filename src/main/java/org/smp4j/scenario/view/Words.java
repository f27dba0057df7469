package org.smp4j.scenario.view;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import org.smp4j.cpu.Preempt;
import org.smp4j.cpu.PendingWord;

/** Numbers of the kernel in words: flags by name, masks as lists. */
final class Words {
    private static final int LOCK = 0x01;
    private static final int TYPE = 0xf0;
    private static final int SYNC = 0x10;
    private static final int IRQ_WORK = 0x20;
    private static final int TTWU = 0x30;
    private static final int BUSY = 0x02;
    private static final int LAZY = 0x04;
    private static final int HARD_IRQ = 0x08;

    private static final String[] MULTI_STOP = {"NONE", "PREPARE", "DISABLE_IRQ", "RUN", "EXIT"};

    /** The state of a multi-stop that all its CPUs have left. */
    static final String OVER = "over";

    private Words() {
    }

    static String pending(int bits) {
        StringJoiner words = new StringJoiner("|");
        flag(words, bits, PendingWord.CALL, "CALL");
        flag(words, bits, PendingWord.IRQ_WORK, "IRQ_WORK");
        flag(words, bits, PendingWord.RESCHED, "RESCHED");
        flag(words, bits, PendingWord.TIMER, "TIMER");
        flag(words, bits, PendingWord.NEED_RESCHED, "NEED_RESCHED");
        flag(words, bits, PendingWord.POLLING, "POLLING");
        flag(words, bits, PendingWord.PARKED, "PARKED");
        return words.length() == 0 ? "none" : words.toString();
    }

    static boolean hasInterrupt(int bits) {
        return (bits & PendingWord.INTERRUPTS) != 0;
    }

    /** The flags of an entry of a call queue. */
    static String node(int flags) {
        StringJoiner words = new StringJoiner("|");
        int type = flags & TYPE;
        flag(words, flags, LOCK, type == IRQ_WORK ? "PENDING" : "LOCK");
        words.add(type == SYNC ? "SYNC" : type == IRQ_WORK ? "IRQ_WORK" : type == TTWU ? "TTWU" : "ASYNC");
        if (type == IRQ_WORK) {
            flag(words, flags, BUSY, "BUSY");
            flag(words, flags, LAZY, "LAZY");
            flag(words, flags, HARD_IRQ, "HARD_IRQ");
        }
        return flags == 0 ? "unlocked" : words.toString();
    }

    private static void flag(StringJoiner words, int bits, int flag, String name) {
        if ((bits & flag) != 0) {
            words.add(name);
        }
    }

    static String preempt(int count) {
        StringJoiner words = new StringJoiner(" + ");
        words.add(Integer.toString(count & Preempt.PREEMPT_MASK));
        flag(words, count, Preempt.SOFTIRQ_MASK, "softirq");
        flag(words, count, Preempt.HARDIRQ_MASK, "hardirq");
        flag(words, count, Preempt.NMI_MASK, "nmi");
        return words.toString();
    }

    static String multiStop(int state) {
        return state >= 0 && state < MULTI_STOP.length ? MULTI_STOP[state] : OVER;
    }

    /** One word of a mask, as a list. */
    static String mask(long word, int first) {
        List<String> ranges = new ArrayList<>();
        for (int from = 0; from < Long.SIZE; from++) {
            if ((word >>> from & 1) != 0) {
                int to = from;
                while (to + 1 < Long.SIZE && (word >>> to + 1 & 1) != 0) {
                    to++;
                }
                ranges.add(first + from + (to > from ? "-" + (first + to) : ""));
                from = to;
            }
        }
        return ranges.isEmpty() ? "none" : String.join(",", ranges);
    }

    /** The names of the states of hotplug: those of the constants. */
    static Map<Integer, String> hotplug() {
        Map<Integer, String> names = new HashMap<>();
        try {
            for (Field constant : Class.forName("org.smp4j.hotplug.CpuhpState").getFields()) {
                if (Modifier.isStatic(constant.getModifiers()) && constant.getType() == int.class) {
                    names.put(constant.getInt(null), constant.getName());
                }
            }
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
        return names;
    }
}
