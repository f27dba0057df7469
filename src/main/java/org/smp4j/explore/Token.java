package org.smp4j.explore;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.zip.CRC32;

/**
 * One run of a scenario in one word: {@code smp4j1:SCENARIO:DEPARTURES:CHECKSUM}. The departures are numbers of seven bits to the byte: by how much the scenario
 * was made smaller, how many plain fields were known to be shared and the hash of their names, then strand, step and pick of each with the hash of what
 * stands there, then the number of steps and the hash of the run.
 */
final class Token {
    private static final String VERSION = "smp4j1";
    // Makes picks positive, deferrals included.
    private static final int OFFSET = Departures.UNTIL_POLL - Departures.DEFER;

    final String scenario;
    final Departures departures;
    final int[] labels;
    final int[] reductions;
    final int steps;
    final long hash;
    final List<Integer> shared;

    Token(String scenario, Departures departures, int[] labels, int[] reductions, int steps, long hash, List<Integer> shared) {
        this.scenario = scenario;
        this.departures = departures;
        this.labels = labels;
        this.reductions = reductions;
        this.steps = steps;
        this.hash = hash;
        this.shared = shared;
    }

    static Token parse(String text) {
        String[] parts = text.strip().split(":");
        if (parts.length != 4 || !parts[0].startsWith("smp4j")) {
            throw new ExplorerException("not a token: " + abbreviate(text) + "; one looks like " + VERSION + ":SCENARIO:...:CHECKSUM");
        }
        if (!parts[0].equals(VERSION)) {
            throw new ExplorerException("token of format " + parts[0] + "; this version reads " + VERSION);
        }
        if (!parts[3].equals(checksum(parts[1] + ":" + parts[2]))) {
            throw new ExplorerException("the token is damaged: its checksum is " + parts[3] + " where " + checksum(parts[1] + ":" + parts[2]) + " is right");
        }
        try {
            Numbers in = new Numbers(Base64.getUrlDecoder().decode(parts[2]));
            int[] reductions = new int[(int) in.next()];
            for (int i = 0; i < reductions.length; i++) {
                reductions[i] = (int) in.next();
            }
            List<Integer> shared = new ArrayList<>();
            for (long n = in.next(); n > 0; n--) {
                shared.add((int) in.next());
            }
            int size = (int) in.next();
            Departures departures = new Departures();
            int[] labels = new int[size];
            for (int i = 0; i < size; i++) {
                departures.add((int) in.next(), (int) in.next(), (int) in.next() - OFFSET);
                labels[i] = (int) in.next();
            }
            return new Token(parts[1], departures, labels, reductions, (int) in.next(), in.next(), shared);
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new ExplorerException("the token is damaged: " + abbreviate(text), e);
        }
    }

    private static String abbreviate(String text) {
        return text.length() <= 60 ? text : text.substring(0, 60) + "...";
    }

    static String checksum(String text) {
        CRC32 crc = new CRC32();
        crc.update(text.getBytes(StandardCharsets.UTF_8));
        return "%08x".formatted(crc.getValue());
    }

    /** {@return a number that stands for what is done at a site, however classes were loaded} */
    static int label(int site) {
        Site at = Sites.get(site);
        return (at.owner() + at.method() + at.operation() + at.target()).hashCode() & 0x3fff;
    }

    /** {@return a number that stands for a field} */
    static int fieldLabel(int field) {
        return Sites.fieldName(field).hashCode() & 0xfffffff;
    }

    @Override
    public String toString() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        put(out, reductions.length);
        for (int reduction : reductions) {
            put(out, reduction);
        }
        put(out, shared.size());
        shared.forEach(field -> put(out, field));
        put(out, departures.size());
        for (int i = 0; i < departures.size(); i++) {
            put(out, departures.strand(i));
            put(out, departures.point(i));
            put(out, departures.pick(i) + OFFSET);
            put(out, labels[i]);
        }
        put(out, steps);
        put(out, hash);
        String body = scenario + ":" + Base64.getUrlEncoder().withoutPadding().encodeToString(out.toByteArray());
        return VERSION + ":" + body + ":" + checksum(body);
    }

    /** Writes it to a file, if there is to be one; where that is not possible the report still has it. */
    void save(Path file) {
        if (file == null) {
            return;
        }
        try {
            if (file.getParent() != null) {
                Files.createDirectories(file.getParent());
            }
            Files.writeString(file, this + "\n");
        } catch (IOException e) {
            return; // a failure that was found must not be lost for it
        }
    }

    /** Says where another run, which was to be this one, is first different, if it is. */
    void mustBe(Token now) {
        for (int i = 0; i < departures.size(); i++) {
            boolean same = i < now.departures.size() && departures.strand(i) == now.departures.strand(i)
                    && departures.point(i) == now.departures.point(i) && departures.pick(i) == now.departures.pick(i) && labels[i] == now.labels[i];
            if (!same) {
                throw new ExplorerException("the program has changed since this token was made: at step " + departures.point(i) + " of strand "
                        + departures.strand(i) + " another was to go on (departure " + (i + 1) + " of " + departures.size()
                        + "), and what stands there now is different");
            }
        }
        if (steps != now.steps || hash != now.hash) {
            throw new ExplorerException("the program has changed since this token was made: the run has " + now.steps + " steps where it had " + steps
                    + ", after all its departures were made");
        }
    }

    private static void put(ByteArrayOutputStream out, long number) {
        long left = number;
        while ((left & ~0x7fL) != 0) {
            out.write((int) (left & 0x7f | 0x80));
            left >>>= 7;
        }
        out.write((int) left);
    }

    /** Reads what {@code put} wrote. */
    private static final class Numbers {
        private final byte[] bytes;
        private int at;

        Numbers(byte[] bytes) {
            this.bytes = bytes;
        }

        long next() {
            long number = 0;
            for (int shift = 0;; shift += 7) {
                byte b = bytes[at++];
                number |= (b & 0x7fL) << shift;
                if (b >= 0) {
                    return number;
                }
            }
        }
    }
}
