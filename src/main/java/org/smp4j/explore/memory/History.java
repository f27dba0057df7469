package org.smp4j.explore.memory;

import java.util.Arrays;

/** The last messages of one location, oldest first. */
final class History {
    /** The distance of two appended messages where others may land between them. */
    private static final int GAP = 1 << 16;

    private static final int ROOM = 5; // at first; most memories keep fewer messages

    private final int gap;
    private Message[] messages;
    private int size;

    History(Message initial, boolean insertion) {
        messages = new Message[ROOM];
        messages[0] = initial;
        size = 1;
        gap = insertion ? GAP : 1;
    }

    /** Has the initial message only, again. */
    void begin(Message initial) {
        Arrays.fill(messages, 0, size, null);
        messages[0] = initial;
        size = 1;
    }

    private History(History other) {
        messages = other.messages.clone();
        size = other.size;
        gap = other.gap;
    }

    History copy() {
        return new History(this);
    }

    int size() {
        return size;
    }

    Message newest() {
        return messages[size - 1];
    }

    /** {@return the message with the given number of newer ones} */
    Message behind(int count) {
        return messages[size - 1 - count];
    }

    /** {@return the number of messages that are at least as new as a time} */
    int since(int time) {
        int count = 0;
        while (count < size && messages[size - 1 - count].time >= time) {
            count++;
        }
        return count;
    }

    /** {@return whether an atomic exchange has read the message with so many newer ones; its message follows} */
    boolean isTaken(int behind) {
        return behind > 0 && behind(behind - 1).exchange;
    }

    /**
     * {@return the time of a message that lands before the given number of newest ones}
     *
     * @throws IllegalStateException if there is none left
     */
    int timeBefore(int count) {
        int before = behind(count).time;
        if (count == 0) {
            return Math.addExact(before, gap);
        }
        int time = (before + behind(count - 1).time) >>> 1;
        if (time == before) {
            throw new IllegalStateException("too many writes land between two others of the same location");
        }
        return time;
    }

    /** Puts a message before the given number of newest ones. */
    void insert(Message message, int before) {
        if (size == messages.length) {
            messages = Arrays.copyOf(messages, 2 * size);
        }
        System.arraycopy(messages, size - before, messages, size - before + 1, before);
        messages[size - before] = message;
        size++;
    }

    void replaceNewest(Message message) {
        messages[size - 1] = message;
    }

    void dropOldest() {
        System.arraycopy(messages, 1, messages, 0, --size);
        messages[size] = null;
    }

    /** {@return the index of the message with a time; that of the oldest kept one if it was dropped} */
    int rank(int time) {
        int rank = size - 1;
        while (rank > 0 && messages[rank].time > time) {
            rank--;
        }
        return rank;
    }

    void key(StateKey key, Memory memory) {
        key.add(size);
        for (int i = 0; i < size; i++) {
            Message message = messages[i];
            key.add(message.strand);
            key.add(message.step);
            key.add(message.exchange ? 1 : 0);
            message.view.key(key, memory);
        }
    }
}
