package org.smp4j.trace.export;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.smp4j.trace.event.EventContext;
import org.smp4j.trace.event.EventType;
import org.smp4j.trace.event.Field;
import org.smp4j.trace.event.TraceData;
import org.smp4j.trace.event.TraceEvent;

/** A trace as {@code trace-cmd} records it: the file of version 6, as {@code man trace-cmd.dat.v6} describes it. */
final class TraceDat {
    private static final int PAGE = 4096;
    private static final int PAGE_HEADER = 16;
    private static final int LONGEST = 28 * Integer.BYTES; // of an event whose length stands in its header
    private static final int LENGTH_BITS = 5;
    private static final long MOST_DELTA = (1L << 27) - 1;
    private static final int TIME_EXTEND = 30;
    private static final long FIRST_ADDRESS = 0xffffffff81000000L;
    private static final int APART = 16;

    private static final String HEADER_PAGE = """
            \tfield: u64 timestamp;\toffset:0;\tsize:8;\tsigned:0;
            \tfield: local_t commit;\toffset:8;\tsize:8;\tsigned:1;
            \tfield: int overwrite;\toffset:8;\tsize:1;\tsigned:1;
            \tfield: char data;\toffset:16;\tsize:4080;\tsigned:1;
            """;
    private static final String HEADER_EVENT = """
            # compressed entry header
            \ttype_len    :    5 bits
            \ttime_delta  :   27 bits
            \tarray       :   32 bits

            \tpadding     : type == 29
            \ttime_extend : type == 30
            \ttime_stamp : type == 31
            \tdata max type_len  == 28
            """;

    private final TraceData data;
    private final Times times;
    private final Map<String, Long> addresses = new LinkedHashMap<>();

    TraceDat(TraceData data) {
        this.data = data;
        times = new Times(data);
    }

    byte[] bytes() {
        List<byte[]> cpus = new ArrayList<>();
        for (int cpu = 0; cpu < data.nrCpus(); cpu++) {
            int of = cpu;
            cpus.add(pages(data.events().stream().filter(event -> event.cpu() == of).toList()));
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {0x17, 0x08, 0x44});
        text(out, "tracing");
        text(out, "6\0");
        out.write(0); // little endian
        out.write(Long.BYTES);
        number(out, PAGE, Integer.BYTES);
        text(out, "header_page\0");
        sized(out, HEADER_PAGE, Long.BYTES);
        text(out, "header_event\0");
        sized(out, HEADER_EVENT, Long.BYTES);
        formats(out);
        sized(out, kallsyms(), Integer.BYTES);
        sized(out, "", Integer.BYTES); // no formats of trace_printk
        sized(out, cmdlines(), Long.BYTES);
        number(out, data.nrCpus(), Integer.BYTES);
        text(out, "options  \0");
        number(out, 0, Short.BYTES);
        text(out, "flyrecord\0");
        long at = pageAligned(out.size() + data.nrCpus() * 2L * Long.BYTES);
        for (byte[] cpu : cpus) {
            number(out, at, Long.BYTES);
            number(out, cpu.length, Long.BYTES);
            at += cpu.length;
        }
        out.writeBytes(new byte[(int) (pageAligned(out.size()) - out.size())]);
        cpus.forEach(out::writeBytes);
        return out.toByteArray();
    }

    private static long pageAligned(long size) {
        return (size + PAGE - 1) / PAGE * PAGE;
    }

    private static void text(ByteArrayOutputStream out, String text) {
        out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    }

    private static void number(ByteArrayOutputStream out, long value, int bytes) {
        out.write(ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array(), 0, bytes);
    }

    private static void sized(ByteArrayOutputStream out, String text, int bytes) {
        byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
        number(out, encoded.length, bytes);
        out.writeBytes(encoded);
    }

    private static void formats(ByteArrayOutputStream out) {
        Map<String, List<EventType>> systems = new TreeMap<>();
        for (EventType type : EventType.values()) {
            systems.computeIfAbsent(type.system(), _ -> new ArrayList<>()).add(type);
        }
        List<EventType> ftrace = systems.remove("ftrace");
        number(out, ftrace.size(), Integer.BYTES);
        ftrace.forEach(type -> sized(out, DatFormats.format(type), Long.BYTES));
        number(out, systems.size(), Integer.BYTES);
        systems.forEach((system, types) -> {
            text(out, system + "\0");
            number(out, types.size(), Integer.BYTES);
            types.forEach(type -> sized(out, DatFormats.format(type), Long.BYTES));
        });
    }

    private String kallsyms() {
        StringBuilder out = new StringBuilder();
        addresses.forEach((name, address) -> out.append("%016x T %s\n".formatted(address, name)));
        return out.toString();
    }

    private String cmdlines() {
        Map<Integer, String> names = new TreeMap<>();
        data.events().stream().filter(event -> event.pid() != 0)
                .forEach(event -> names.put(event.pid(), event.comm()));
        StringBuilder out = new StringBuilder();
        names.forEach((pid, comm) -> out.append(pid).append(' ').append(comm).append('\n'));
        return out.toString();
    }

    private long address(Object symbol) {
        return symbol == null ? 0 : addresses.computeIfAbsent(symbol.toString(),
                _ -> FIRST_ADDRESS + (long) addresses.size() * APART);
    }

    /** The pages of one CPU. */
    private byte[] pages(List<TraceEvent> events) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteBuffer page = null;
        long last = 0;
        for (TraceEvent event : events.stream().sorted(Comparator.comparingLong(times::of)).toList()) {
            byte[] payload = payload(event);
            int needs = payload.length + 2 * Integer.BYTES + 2 * Integer.BYTES; // with its header and a time extend
            if (page == null || page.remaining() < needs) {
                finish(page, out);
                last = times.of(event);
                page = ByteBuffer.allocate(PAGE).order(ByteOrder.LITTLE_ENDIAN);
                page.putLong(last).putLong(0);
            }
            long delta = times.of(event) - last;
            last = times.of(event);
            if (delta > MOST_DELTA) {
                page.putInt((int) (TIME_EXTEND | (delta & MOST_DELTA) << LENGTH_BITS)).putInt((int) (delta >>> 27));
                delta = 0;
            }
            if (payload.length <= LONGEST) {
                page.putInt((int) (payload.length / Integer.BYTES | delta << LENGTH_BITS));
            } else {
                page.putInt((int) (delta << LENGTH_BITS)).putInt(payload.length + Integer.BYTES);
            }
            page.put(payload);
        }
        finish(page, out);
        return out.toByteArray();
    }

    private static void finish(ByteBuffer page, ByteArrayOutputStream out) {
        if (page != null) {
            page.putLong(Long.BYTES, page.position() - PAGE_HEADER);
            out.writeBytes(page.array());
        }
    }

    private byte[] payload(TraceEvent event) {
        EventType type = event.type();
        int[] offsets = DatFormats.offsets(type);
        int dynamic = offsets[offsets.length - 1];
        ByteBuffer out = ByteBuffer.allocate(dynamic + 2 * DatFormats.MASK).order(ByteOrder.LITTLE_ENDIAN);
        EventContext context = event.context();
        out.putShort((short) DatFormats.id(type));
        out.put((byte) ((context.irqsOff() ? 1 : 0) | (context.needResched() ? 4 : 0) | (context.hardirq() ? 8 : 0)
                | (context.softirq() ? 16 : 0)));
        out.put((byte) (Math.min(context.preemptDepth(), 15) | Math.min(context.migrateDisable(), 15) << 4));
        out.putInt(event.pid());
        for (int i = 0; i < type.fields().size(); i++) {
            Field field = type.fields().get(i);
            Object value = event.values().get(i);
            byte[] more = null;
            switch (field.kind()) {
                case INT -> out.putInt(offsets[i], (int) value);
                case POINTER -> out.putLong(offsets[i], (long) value);
                case SYMBOL -> out.putLong(offsets[i], address(value));
                case MASK -> more = mask((BitSet) value);
                case TEXT -> {
                    if (DatFormats.isState(field)) {
                        out.putLong(offsets[i], DatFormats.state(value.toString()));
                    } else if (DatFormats.isComm(field)) {
                        byte[] comm = value.toString().getBytes(StandardCharsets.UTF_8);
                        out.put(offsets[i], comm, 0, Math.min(comm.length, DatFormats.COMM - 1));
                    } else {
                        more = (value + "\0").getBytes(StandardCharsets.UTF_8);
                    }
                }
            }
            if (more != null) {
                out.putInt(offsets[i], dynamic | more.length << Short.SIZE);
                out.put(dynamic, more);
                dynamic += (more.length + 3) / Integer.BYTES * Integer.BYTES;
            }
        }
        byte[] bytes = new byte[dynamic];
        out.get(0, bytes);
        return bytes;
    }

    private byte[] mask(BitSet cpus) {
        byte[] bits = cpus.toByteArray();
        int length = (data.nrCpus() + Long.SIZE - 1) / Long.SIZE * Long.BYTES;
        return java.util.Arrays.copyOf(bits, length);
    }
}
