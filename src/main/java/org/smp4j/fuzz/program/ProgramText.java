package org.smp4j.fuzz.program;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Locale;

/**
 * The text of a program: {@code STAGE CPUS / PLAYER = OP , OP / ...}, without the blanks. An operation is its name, its
 * arguments, each after a dot, and the number of operations in its body, if any, after a plus; these come next.
 */
final class ProgramText {
    private static final int LONGEST = 20_000;
    private static final int DEEPEST = 40;

    private ProgramText() {
    }

    static String write(Program program) {
        StringBuilder text = new StringBuilder();
        text.append(program.stage().letter()).append(program.cpus());
        for (Player player : program.players()) {
            text.append('/').append(player.kind().letter()).append(player.cpu());
            if (player.count() != 0) {
                text.append('.').append(player.count());
            }
            text.append('=');
            int start = text.length();
            write(player.ops(), text, start);
        }
        return text.toString();
    }

    private static void write(List<Op> ops, StringBuilder text, int start) {
        for (Op op : ops) {
            if (text.length() > start) {
                text.append(',');
            }
            text.append(op.name());
            op.args().forEach(arg -> text.append('.').append(arg));
            if (!op.body().isEmpty()) {
                text.append('+').append(op.body().size());
                write(op.body(), text, start);
            }
        }
    }

    static Program read(String text) {
        if (text.length() > LONGEST) {
            throw new IllegalArgumentException("a program's text has at most " + LONGEST + " characters, got "
                    + text.length());
        }
        String[] parts = text.split("/", -1);
        if (parts[0].length() < 2) {
            throw new IllegalArgumentException("not a program: " + text);
        }
        Stage stage = Stage.of(parts[0].charAt(0));
        int cpus = number(parts[0].substring(1));
        List<Player> players = new ArrayList<>();
        for (String part : Arrays.asList(parts).subList(1, parts.length)) {
            players.add(player(part));
        }
        Program program = new Program(stage, cpus, players);
        if (program.size() > Program.MOST_OPS) {
            throw new IllegalArgumentException("a program has at most " + Program.MOST_OPS + " operations, got "
                    + program.size());
        }
        return program;
    }

    private static Player player(String part) {
        int equals = part.indexOf('=');
        if (equals < 2) {
            throw new IllegalArgumentException("not a player: " + part);
        }
        Player.Kind kind = switch (part.charAt(0)) {
            case 't' -> Player.Kind.TASK;
            case 'd' -> Player.Kind.DEVICE;
            default -> throw new IllegalArgumentException("not a player: " + part);
        };
        String[] head = part.substring(1, equals).split("\\.", -1);
        if (head.length > 2) {
            throw new IllegalArgumentException("not a player: " + part);
        }
        Deque<String> words = new ArrayDeque<>();
        if (equals + 1 < part.length()) {
            words.addAll(Arrays.asList(part.substring(equals + 1).split(",", -1)));
        }
        List<Op> ops = new ArrayList<>();
        while (!words.isEmpty()) {
            ops.add(op(words, 0));
        }
        return new Player(kind, number(head[0]), head.length == 2 ? number(head[1]) : 0, ops);
    }

    private static Op op(Deque<String> words, int depth) {
        String word = words.poll();
        if (word == null || depth > DEEPEST) {
            throw new IllegalArgumentException("a body has fewer operations than it says, or is too deep");
        }
        int plus = word.indexOf('+');
        int count = plus < 0 ? 0 : number(word.substring(plus + 1));
        String[] parts = (plus < 0 ? word : word.substring(0, plus)).split("\\.", -1);
        if (!parts[0].matches("[a-z][a-z0-9]*")) {
            throw new IllegalArgumentException("not an operation: " + word);
        }
        List<Integer> args = new ArrayList<>();
        for (int i = 1; i < parts.length; i++) {
            args.add(number(parts[i]));
        }
        List<Op> body = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            body.add(op(words, depth + 1));
        }
        return new Op(parts[0].toLowerCase(Locale.ROOT), args, body);
    }

    private static int number(String text) {
        if (!text.matches("[0-9]{1,6}")) {
            throw new IllegalArgumentException("not a number: " + text);
        }
        return Integer.parseInt(text);
    }
}
