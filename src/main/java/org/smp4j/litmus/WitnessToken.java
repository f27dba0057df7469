package org.smp4j.litmus;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.zip.CRC32;
import org.smp4j.explore.memory.MemoryModel;
import org.smp4j.litmus.program.LitmusTest;
import org.smp4j.litmus.search.SearchOptions;
import org.smp4j.litmus.search.Witness;
import org.smp4j.litmus.search.Witness.Choice;

/**
 * One execution of a litmus test in one word: {@code litmus1:CHOICES:CHECKSUM}. The choices are numbers with seven bits
 * in each byte: the memory model, whether writes may land before newer ones, the iterations of a loop, the hash of the
 * test's program, then thread and number of each choice.
 */
public final class WitnessToken {
    private static final String VERSION = "litmus1";
    private static final int HASH_BITS = 28;

    private final SearchOptions options;
    private final int program;
    private final List<Choice> choices;

    private WitnessToken(SearchOptions options, int program, List<Choice> choices) {
        this.options = options;
        this.program = program;
        this.choices = choices;
    }

    /** {@return the token of an execution} */
    public static WitnessToken of(Witness witness) {
        return new WitnessToken(witness.options(), program(witness.test()), witness.choices());
    }

    /**
     * Reads a token.
     *
     * @param text the text
     * @return the token
     * @throws IllegalArgumentException if the text is no token; the message is one line for users
     */
    public static WitnessToken parse(String text) {
        String[] parts = text.strip().split(":", -1);
        if (parts.length != 3 || !parts[0].equals(VERSION)) {
            throw new IllegalArgumentException("not a token of a litmus test; one looks like " + VERSION
                    + ":...:CHECKSUM");
        }
        if (!parts[2].equals(checksum(parts[1]))) {
            throw new IllegalArgumentException("the token is damaged: its checksum does not fit; copy it again");
        }
        try {
            return read(Base64.getUrlDecoder().decode(parts[1]));
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new IllegalArgumentException("the token is damaged; copy it again", e);
        }
    }

    private static WitnessToken read(byte[] bytes) {
        List<Integer> numbers = new ArrayList<>();
        int number = 0;
        int shift = 0;
        for (byte part : bytes) {
            if (shift > HASH_BITS) {
                throw new IllegalArgumentException("a number is too large");
            }
            number |= (part & 0x7f) << shift;
            shift += 7;
            if (part >= 0) {
                numbers.add(number);
                number = 0;
                shift = 0;
            }
        }
        List<Choice> choices = new ArrayList<>();
        for (int i = 4; i < numbers.size(); i += 2) {
            choices.add(new Choice(numbers.get(i), numbers.get(i + 1)));
        }
        return new WitnessToken(new SearchOptions(MemoryModel.values()[numbers.get(0)], (numbers.get(1) & 1) != 0,
                (numbers.get(1) & 2) != 0, numbers.get(2), SearchOptions.DEFAULT.states()), numbers.get(3), choices);
    }

    /** {@return whether the token belongs to a test} */
    public boolean isOf(LitmusTest test) {
        return program == program(test);
    }

    /**
     * Makes the execution again.
     *
     * @param test the test that the token belongs to
     * @return the execution; null if the test has changed so that it has none like that
     */
    public Witness replay(LitmusTest test) {
        return isOf(test) ? Witness.replay(test, options, choices) : null;
    }

    /** Names and positions do not count: a test may be renamed, or moved in its file. */
    private static int program(LitmusTest test) {
        StringBuilder text = new StringBuilder();
        for (long value : test.initial()) {
            text.append(value).append(' ');
        }
        test.threads().forEach(thread -> {
            for (long value : thread.initial()) {
                text.append(value).append(' ');
            }
            thread.code().forEach(instruction ->
                    text.append(instruction.toString().replaceAll("at=\\d+:\\d+", "")).append('\n'));
        });
        return (int) (crc(text.toString()) & (1 << HASH_BITS) - 1);
    }

    private static long crc(String text) {
        CRC32 crc = new CRC32();
        crc.update(text.getBytes(StandardCharsets.UTF_8));
        return crc.getValue();
    }

    private static String checksum(String text) {
        return "%08x".formatted(crc(text));
    }

    @Override
    public String toString() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        put(out, options.model().ordinal());
        put(out, (options.insertion() ? 1 : 0) + (options.incoherent() ? 2 : 0));
        put(out, options.iterations());
        put(out, program);
        choices.forEach(choice -> {
            put(out, choice.thread());
            put(out, choice.number());
        });
        String body = Base64.getUrlEncoder().withoutPadding().encodeToString(out.toByteArray());
        return VERSION + ":" + body + ":" + checksum(body);
    }

    private static void put(ByteArrayOutputStream out, int number) {
        int rest = number;
        for (; rest > 0x7f; rest >>>= 7) {
            out.write(rest & 0x7f | 0x80);
        }
        out.write(rest);
    }
}
