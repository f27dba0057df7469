package org.smp4j.explore.instrument.shadow;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Renames classes in a class file, by the texts of its constant pool: these make up all names, descriptors and
 * signatures. The rest of the file refers to them by number and stays as it is, stack maps included.
 */
public final class Renamer {
    private static final int UTF8 = 1;
    private static final int LONG = 5;
    private static final int DOUBLE = 6;
    private static final int CLASS = 7;
    private static final int STRING = 8;
    private static final int METHOD_HANDLE = 15;
    private static final int METHOD_TYPE = 16;
    private static final int MODULE = 19;
    private static final int PACKAGE = 20;
    private static final int HEADER = 8;

    /** A class name stands at the beginning of a text or after an L, and ends like one. */
    private static final Pattern NAME = Pattern.compile(
            "(?<=^|L)(?:java/util/concurrent/|java/util/Timer|java/util/TaskQueue|jdk/internal/|java/lang/ref/Cleaner"
                    + "|sun/misc/Unsafe"
                    + "|org/smp4j/explore/shadow/)[\\w/$]*(?=[;<>.:]|$)");

    private Renamer() {
    }

    /**
     * Renames the classes that a file of the JDK names, for a shadow.
     *
     * @param file the class file
     * @return a class file; the same array if it names none, or is damaged
     */
    public static byte[] shadow(byte[] file) {
        return rename(file, name -> Shadows.rename(name, true, _ -> true));
    }

    /**
     * Renames the classes that a file of the program names.
     *
     * @param file the class file
     * @param entered which classes that are modelled by hand it enters instead, by internal name
     * @return a class file; the same array if it names none, or is damaged
     */
    public static byte[] code(byte[] file, Predicate<String> entered) {
        return rename(file, name -> Shadows.rename(name, false, entered));
    }

    private static byte[] rename(byte[] file, UnaryOperator<String> names) {
        try {
            return renamed(file, names);
        } catch (IOException e) {
            return file; // it is damaged, as its reader will find
        }
    }

    private static byte[] renamed(byte[] file, UnaryOperator<String> names) throws IOException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(file));
        if (file.length < HEADER + 2 || in.readInt() != 0xCAFEBABE) {
            return file; // no class file, as its reader will find
        }
        in.skipBytes(HEADER - Integer.BYTES);
        int count = in.readUnsignedShort();
        String[] texts = new String[count];
        boolean[] isString = new boolean[1 << Short.SIZE];
        int[] tags = new int[count];
        byte[][] others = new byte[count][];
        for (int i = 1; i < count; i++) {
            tags[i] = in.readUnsignedByte();
            switch (tags[i]) {
                case UTF8 -> texts[i] = in.readUTF();
                case STRING -> {
                    others[i] = bytes(in, 2);
                    isString[(others[i][0] & 0xff) << 8 | others[i][1] & 0xff] = true;
                }
                case CLASS, METHOD_TYPE, MODULE, PACKAGE -> others[i] = bytes(in, 2);
                case METHOD_HANDLE -> others[i] = bytes(in, 3);
                case LONG, DOUBLE -> {
                    others[i] = bytes(in, 8);
                    i++;
                }
                default -> others[i] = bytes(in, 4);
            }
        }
        boolean changed = false;
        for (int i = 1; i < count; i++) {
            if (texts[i] != null && !isString[i] && texts[i].indexOf('/') >= 0) {
                String renamed = rename(texts[i], names);
                changed |= !renamed.equals(texts[i]);
                texts[i] = renamed;
            }
        }
        return changed ? write(file, in.readAllBytes(), count, tags, texts, others) : file;
    }

    private static byte[] bytes(DataInputStream in, int length) throws IOException {
        byte[] bytes = new byte[length];
        in.readFully(bytes);
        return bytes;
    }

    private static byte[] write(byte[] file, byte[] rest, int count, int[] tags, String[] texts, byte[][] others) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(file.length + file.length / 4);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.write(file, 0, HEADER);
            out.writeShort(count);
            for (int i = 1; i < count; i++) {
                if (tags[i] == 0) {
                    continue; // the second number of a long or double
                }
                out.writeByte(tags[i]);
                if (texts[i] != null) {
                    out.writeUTF(texts[i]);
                } else {
                    out.write(others[i]);
                }
            }
            out.write(rest);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static String rename(String text, UnaryOperator<String> names) {
        Matcher name = NAME.matcher(text);
        return name.find() ? name.replaceAll(found -> Matcher.quoteReplacement(names.apply(found.group())))
                : text;
    }
}
