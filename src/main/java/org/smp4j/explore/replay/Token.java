package org.smp4j.explore.replay;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.CRC32;
import org.smp4j.explore.memory.MemoryModel;
import org.smp4j.explore.model.DepartureKind;
import org.smp4j.explore.model.Departures;
import org.smp4j.explore.model.ExplorerException;
import org.smp4j.explore.model.Leeway;
import org.smp4j.explore.run.Run;

/**
 * One run of a scenario in one word: {@code smp4j1:SCENARIO:DEPARTURES:CHECKSUM}. The departures are numbers with seven
 * bits in each byte: the reductions of the scenario, the number of shared plain fields and the hash of their names,
 * then for each departure its strand, step, code and the hash of its site, then the number of steps and the hash of the
 * run, the step limit, the watch; then the memory model and the leeway, unless they are the default ones; then the
 * names of what is explored within, and of libraries that are rewritten, these after a plus, if there are any, each
 * with its length before its characters.
 */
public final class Token {
    /** What is checked during the run; it decides which accesses are steps. */
    public enum Watch {
        /** Nothing. */
        NOTHING,
        /** The plain fields that strands share. */
        FIELDS,
        /** The same, and a data race on them is a failure. */
        RACES
    }

    private static final String VERSION = "smp4j1";
    private static final String LIBRARY = "+";
    // Makes the codes of all departures positive.
    private static final int OFFSET = DepartureKind.CODES_BELOW_ZERO;

    /** The name of the program. */
    public final String scenario;
    /** The departures of the run. */
    public final Departures departures;
    /** By departure, the hash of its site. */
    public final int[] labels;
    /** How much smaller each of the scenario's sizes is, in the order in which it asks. */
    public final int[] reductions;
    /** The number of steps of the run. */
    public final int steps;
    /** The hash of the run's decisions. */
    public final long hash;
    /** The labels of the plain fields that count as shared. */
    public final List<Integer> shared;
    // 0 if it is unknown: the first tokens did not have it.
    public final int stepLimit;
    /** What is checked during the run. */
    public final Watch watch;
    /** The memory model of the run. */
    public final MemoryModel memory;
    /** What else may differ from one run to the next. */
    public final Leeway leeway;

    /** The packages and classes of the JDK within whose calls strands can switch. */
    public final Set<String> inside;

    /** The libraries that are rewritten although they are left as they are by default. */
    public final Set<String> libraries;

    /** Makes a token from its parts. */
    public Token(String scenario, Departures departures, int[] labels, int[] reductions, int steps, long hash,
            List<Integer> shared, int stepLimit, Watch watch, MemoryModel memory, Leeway leeway, Set<String> inside,
            Set<String> libraries) {
        this.scenario = scenario;
        this.departures = departures;
        this.labels = labels;
        this.reductions = reductions;
        this.steps = steps;
        this.hash = hash;
        this.shared = shared;
        this.stepLimit = stepLimit;
        this.watch = watch;
        this.memory = memory;
        this.leeway = leeway;
        this.inside = inside;
        this.libraries = libraries;
    }

    /** {@return the token that a text stands for}; throws an {@link ExplorerException} if the text is no token. */
    public static Token parse(String text) {
        String[] parts = text.strip().split(":", -1);
        if (parts.length != 4 || !parts[0].startsWith("smp4j")) {
            throw new ExplorerException("not a token: " + abbreviate(text) + "; one looks like " + VERSION
                    + ":SCENARIO:...:CHECKSUM");
        }
        if (!parts[0].equals(VERSION)) {
            throw new ExplorerException("token of format " + abbreviate(parts[0]) + "; this version reads " + VERSION);
        }
        if (!parts[3].equals(checksum(parts[1] + ":" + parts[2]))) {
            throw new ExplorerException("the token is damaged: its checksum is " + abbreviate(parts[3]) + " where "
                    + checksum(parts[1] + ":" + parts[2]) + " is right");
        }
        try {
            return read(parts[1], new TokenNumbers(Base64.getUrlDecoder().decode(parts[2])));
        } catch (IllegalArgumentException e) {
            throw new ExplorerException("the token is damaged: " + abbreviate(text) + "; copy it again from the report",
                    e);
        }
    }

    private static Token read(String scenario, TokenNumbers in) {
        int[] reductions = new int[in.length(1)];
        for (int i = 0; i < reductions.length; i++) {
            reductions[i] = in.next(Integer.MAX_VALUE);
        }
        int fields = in.length(1);
        List<Integer> shared = new ArrayList<>();
        for (int i = 0; i < fields; i++) {
            shared.add(in.next(Integer.MAX_VALUE));
        }
        int size = in.length(4);
        Departures departures = new Departures();
        int[] labels = new int[size];
        for (int i = 0; i < size; i++) {
            int strand = in.next(Run.MAX_STRANDS - 1);
            int point = in.next(Integer.MAX_VALUE);
            int code = in.next(DepartureKind.MOST_CODE + OFFSET) - OFFSET;
            DepartureKind kind = DepartureKind.ofCode(code);
            departures.add(strand, point, kind, kind.value(code));
            labels[i] = in.next(Integer.MAX_VALUE);
        }
        int steps = in.next(Integer.MAX_VALUE);
        int hash = in.next(Integer.MAX_VALUE);
        boolean more = !in.atEnd();
        int stepLimit = more ? in.next(Run.MOST_STEPS) : 0;
        Watch watch = more ? Watch.values()[in.next(Watch.values().length - 1)] : Watch.NOTHING;
        MemoryModel memory = in.atEnd() ? MemoryModel.SC
                : MemoryModel.values()[in.next(MemoryModel.values().length - 1)];
        Leeway leeway = in.atEnd() ? Leeway.DEFAULT : Leeway.ofCode(in.next(Leeway.MOST));
        Set<String> inside = new TreeSet<>();
        Set<String> libraries = new TreeSet<>();
        while (!in.atEnd()) {
            String name = in.text();
            if (name.startsWith(LIBRARY)) {
                libraries.add(name.substring(LIBRARY.length()));
            } else {
                inside.add(name);
            }
        }
        if (more && stepLimit < Run.LEAST_STEPS) {
            throw new IllegalArgumentException("more than a token, or less");
        }
        return new Token(scenario, departures, labels, reductions, steps, hash, shared, stepLimit, watch,
                memory, leeway, inside, libraries);
    }

    private static String abbreviate(String text) {
        return text.length() <= 60 ? text : text.substring(0, 60) + "...";
    }

    /** {@return the checksum of a token's text} */
    public static String checksum(String text) {
        CRC32 crc = new CRC32();
        crc.update(text.getBytes(StandardCharsets.UTF_8));
        return "%08x".formatted(crc.getValue());
    }

    /** {@return the step limit with which the run is the same again} */
    public int limit() {
        return stepLimit > 0 ? stepLimit : Math.max(Math.min(steps, Run.MOST_STEPS / 4) * 2 + 100, Run.DEFAULT_STEPS);
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
            put(out, departures.code(i) + OFFSET);
            put(out, labels[i]);
        }
        put(out, steps);
        put(out, hash);
        put(out, stepLimit);
        put(out, watch.ordinal());
        List<String> names = new ArrayList<>(inside);
        libraries.forEach(name -> names.add(LIBRARY + name));
        boolean withLeeway = !leeway.equals(Leeway.DEFAULT) || !names.isEmpty();
        if (memory != MemoryModel.SC || withLeeway) {
            put(out, memory.ordinal());
        }
        if (withLeeway) {
            put(out, leeway.code());
        }
        for (String name : names) {
            put(out, name.length());
            name.chars().forEach(each -> put(out, each));
        }
        String body = scenario + ":" + Base64.getUrlEncoder().withoutPadding().encodeToString(out.toByteArray());
        return VERSION + ":" + body + ":" + checksum(body);
    }

    /**
     * Writes the token to a file, if one is given. An error only becomes a note, so that the failure is not lost.
     *
     * @return the note on an error, or null
     */
    public String save(Path file) {
        if (file == null) {
            return null;
        }
        try {
            if (file.getParent() != null) {
                Files.createDirectories(file.getParent());
            }
            Files.writeString(file, this + "\n");
            return null;
        } catch (IOException e) {
            return "the token could not be kept in " + file + " (" + reason(e) + "); copy it from here";
        }
    }

    private static String reason(IOException e) {
        return e instanceof FileSystemException system && system.getReason() != null
                ? system.getReason() : e.getClass().getSimpleName().replace("Exception", "");
    }

    /** Checks that another run equals this one, and otherwise throws with the first difference. */
    public void mustBe(Token now) {
        for (int i = 0; i < departures.size(); i++) {
            boolean same = i < now.departures.size() && i < now.labels.length
                    && departures.strand(i) == now.departures.strand(i)
                    && departures.point(i) == now.departures.point(i) && departures.code(i) == now.departures.code(i)
                    && labels[i] == now.labels[i];
            if (!same) {
                throw new ExplorerException("the program has changed since this token was made: at step "
                        + departures.point(i) + " of strand "
                        + departures.strand(i) + " the run was to depart from the default (departure "
                        + (i + 1) + " of "
                        + departures.size()
                        + "), but different code is there now");
            }
        }
        if (steps != now.steps || hash != now.hash) {
            throw new ExplorerException("the program has changed since this token was made: the run has " + now.steps
                    + " steps where it had " + steps
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
}
