package org.smp4j.explore.memory;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.smp4j.explore.model.Access;
import org.smp4j.explore.model.Leeway;
import org.smp4j.explore.model.Names;
import org.smp4j.explore.model.Sites;
import org.smp4j.explore.run.Location;
import org.smp4j.explore.run.Run;

/**
 * The memory of explored runs where a read may return an older value than the newest, and a write may land before newer
 * ones. The newest value is always where the program keeps it. For a read of an older one that is put there before the
 * read, and the newest one is put back before anything else happens, as after a write that lands before it; so the
 * program's classes need not be rewritten for it. What a write has written is looked up there afterwards.
 *
 * <p>Locations without a value of their own (locks, permits, ends of threads, collections) always have their newest
 * state; they only carry what their users have published.
 */
public final class WeakMemory {
    /** The number of values that a location keeps. */
    public static final int KEPT = 4;

    private static final long BOXED = 0; // all values are references here

    private final MemoryModel model;
    private final Leeway leeway;
    private final Run x;
    private final Cells cells = new Cells();
    private Strengthening[] strengthenings = {};
    private final Memory inOrder;
    private final Memory unordered; // the same one, but for MemoryModel.JAVA
    private Memory memory;
    private boolean rests;
    private boolean hardware;

    // What the running strand has left to do: to put the newest value back, and to look up what was written.
    private Location open;
    private Cells.Cell cell;
    private boolean replaced;
    private Object newest;
    private Message unseen;
    private boolean writes;
    private boolean exchanges;
    private boolean conditional;
    private AccessMode mode;
    private int strand;
    private int site;
    private int behind;

    /**
     * A memory for many runs.
     *
     * @param model the model, which is not {@link MemoryModel#SC}
     * @param leeway whether writes may land before newer ones, and plain reads go back
     * @param x the execution that makes the runs
     */
    public WeakMemory(MemoryModel model, Leeway leeway, Run x) {
        this.model = model;
        this.leeway = leeway;
        this.x = x;
        inOrder = Memory.of(model, KEPT, leeway.insertion(), leeway.incoherent());
        unordered = model == MemoryModel.JAVA ? Memory.unordered(KEPT, leeway.insertion(), leeway.incoherent())
                : inOrder;
        memory = inOrder;
    }

    /** {@return the model} */
    public MemoryModel model() {
        return model;
    }

    /**
     * A run begins.
     *
     * @param ordered whether volatile accesses and full fences have one order, as by the model
     */
    public void begin(boolean ordered) {
        open = null;
        rests = false;
        memory = ordered ? inOrder : unordered;
        meet();
    }

    /**
     * The explored stretch begins or ends. What is written before it begins for the first time, by default, is known to
     * all strands then, so nothing is kept of that.
     *
     * @param explored whether it begins
     * @param alone whether the run has had one strand so far
     */
    public void stretch(boolean explored, boolean alone) {
        settle();
        if (explored && rests) {
            meet();
        }
        rests = !explored && (rests || alone);
    }

    private void meet() {
        memory.clear();
        unseen = null;
        cells.begin();
    }

    /** {@return whether a run has dropped a value that could still have been read} */
    public boolean forgot() {
        return inOrder.forgot() || unordered.forgot();
    }

    /** {@return what the runs have left out, as a part of a claim} */
    public String claim() {
        return "; load buffering, " + (leeway.insertion() ? "" : "writes that land before newer ones, ")
                + (leeway.incoherent() ? "" : "plain reads that go back behind earlier ones, ")
                + "torn longs and doubles, older states of collections, and default values after a racy publication "
                + "of what the JDK makes (atomics, copies of arrays) or a constructor writes before super() are not "
                + "modelled"
                + (hardware ? "; the code of simulated hardware reads the newest values" : "")
                + (forgot() ? "; of the values of a location only the last " + KEPT + " were read" : "");
    }

    /** {@return fields that were always read newest, because their values could not be found; one line each} */
    public List<String> notes() {
        return cells.withoutValue().stream().map(name -> "always read newest: " + name).toList();
    }

    /** Gives accesses more ordering than the program's code has, in all further runs. */
    public void strengthen(List<Strengthening> changes) {
        strengthenings = changes.toArray(Strengthening[]::new);
    }

    /** {@return the mode of an access as it is in this run; a fence that is to stand before it is made} */
    public int ordering(int by, int atSite, int access) {
        int mode = access;
        for (Strengthening change : strengthenings) {
            if (change.site() == atSite) {
                mode |= change.ordering();
                if (change.fence() != 0) {
                    fence(by, change.fence());
                }
            }
        }
        return mode;
    }

    /** {@return the value that the last read of an older one has missed, or before which the last write has landed} */
    public Message unseen() {
        return unseen;
    }

    /** {@return whether reads of a location may return older values; false for locks, threads and collections} */
    public static boolean mayHaveValues(Location location) {
        return !location.isThreads() && HeapValue.mayExist(location.field());
    }

    /** {@return whether an access writes without a condition, so that its {@link #places} are those of a write} */
    public static boolean lands(int access) {
        return (access & (Access.WRITE | Access.CONDITIONAL)) == Access.WRITE;
    }

    /**
     * The number of values that the access may read, or of places where its write may land; 1 for the simulated
     * hardware, which is to be coherent. A conditional write can't read an older value that it expects, if what it
     * writes can't follow there.
     *
     * @param by the strand's number
     * @param location the location
     * @param access the mode of the access
     * @param expected what a conditional write expects to read, primitives as {@code Long}; or {@link Access#UNKNOWN}
     * @return the number, at least 1
     */
    public int places(int by, Location location, int access, Object expected) {
        hardware |= (access & Access.HARDWARE) != 0;
        if (rests || (access & Access.HARDWARE) != 0) {
            return 1;
        }
        Cells.Cell at = cells.at(location);
        if (at.heap == null || at.number < 0) {
            return 1;
        }
        if (lands(access)) {
            return leeway.insertion() ? memory.places(by, at.number, AccessMode.of(access)) : 1;
        }
        if ((access & Access.READ) == 0) {
            return 1;
        }
        if ((access & Access.CONDITIONAL) == 0) {
            return memory.readable(by, at.number, AccessMode.of(access));
        }
        int readable = memory.readableOnFailure(by, at.number, AccessMode.onFailure(access));
        int places = 1;
        for (int behind = 1; behind < readable; behind++) {
            places += isPossible(by, at, location, access, expected, behind) ? 1 : 0;
        }
        return places;
    }

    /** {@return how many values are newer at one of the {@link #places}, from the newest on} */
    public int newer(int by, Location location, int access, Object expected, int place) {
        Cells.Cell at = cells.at(location);
        if (lands(access)) {
            return memory.place(by, at.number, AccessMode.of(access), place);
        }
        if ((access & Access.CONDITIONAL) == 0) {
            return place;
        }
        int behind = 0;
        for (int left = place; left > 0; left -= isPossible(by, at, location, access, expected, behind) ? 1 : 0) {
            behind++;
        }
        return behind;
    }

    private boolean isPossible(int by, Cells.Cell at, Location location, int access, Object expected, int behind) {
        return !at.heap.isSame(location.object(), memory.message(at.number, behind).reference(), expected)
                || memory.mayExchange(by, at.number, AccessMode.of(access), behind);
    }

    /**
     * The running strand is about to make an access.
     *
     * @param by its number
     * @param location the location
     * @param access the mode of the access: bits of {@link Access}
     * @param atSite its site
     * @param newer how many newer values there are than the one that it reads or writes; as of {@link #newer}
     */
    public void access(int by, Location location, int access, int atSite, int newer) {
        if (rests) {
            return;
        }
        Cells.Cell at = cells.at(location);
        if (at.heap == null || (access & Access.HARDWARE) != 0 && at.number < 0) {
            whole(by, at, access, location.isThreads());
            return;
        }
        if (at.published != null && (access & Access.ACQUIRE) != 0) {
            memory.receive(by, at.published); // the hardware's code uses it as well
        }
        boolean writing = (access & Access.WRITE) != 0;
        if (at.number < 0) {
            if (!writing && (access & Access.VOLATILE) == 0) {
                return; // it has had one value only
            }
            at.number = memory.location(BOXED, at.heap.get(location.object(), location.field()));
        }
        if (!writing) {
            Message message = memory.read(by, at.number, AccessMode.of(access), newer);
            if (newer > 0) {
                leave(location, at);
                replace(message.reference());
            }
            return;
        }
        memory.correct(at.number, BOXED, at.heap.get(location.object(), location.field()));
        leave(location, at);
        strand = by;
        site = atSite;
        behind = newer;
        mode = AccessMode.of(access);
        writes = true;
        exchanges = (access & Access.READ) != 0;
        conditional = (access & Access.CONDITIONAL) != 0;
        if (newer > 0) {
            replace(exchanges ? memory.message(at.number, newer).reference() : null);
        }
    }

    private void leave(Location location, Cells.Cell at) {
        open = location;
        cell = at;
        replaced = false;
        writes = false;
        conditional = false;
    }

    /** Keeps the newest value, and puts an older one in its place if the access is to read it. */
    private void replace(Object older) {
        newest = cell.heap.get(open.object(), open.field());
        if (!writes || exchanges) {
            cell.heap.set(open.object(), open.field(), older);
        }
        replaced = true;
    }

    private void putBack() {
        if (replaced) {
            replaced = false;
            cell.heap.set(open.object(), open.field(), newest);
            newest = null;
        }
    }

    /** Finishes the running strand's last access, which has been made; to be called before anything else happens. */
    public void settle() {
        if (open != null) {
            if (writes && !conditional) {
                written();
            }
            putBack();
            open = null;
        }
    }

    private void written() {
        Object value = cell.heap.get(open.object(), open.field());
        memory.write(strand, site, cell.number, mode, BOXED, value, behind, exchanges);
    }

    /**
     * The running strand's conditional write has been made.
     *
     * @param by its number
     * @param location the location
     * @param access the mode of the access
     * @param success whether it has written
     * @return whether the run can go on; it can't if the write has succeeded on an older value, and can't land there
     */
    public boolean exchanged(int by, Location location, int access, boolean success) {
        if (rests) {
            return true;
        }
        if (open != location || !conditional) {
            Cells.Cell at = cells.at(location);
            if (success && (at.heap == null || at.number < 0 && (access & Access.RELEASE) != 0)) {
                put(by, at, memory.publish(by));
            }
            return true;
        }
        boolean possible = !success || memory.mayExchange(by, cell.number, mode, behind);
        if (!success) {
            memory.readOnFailure(by, cell.number, AccessMode.onFailure(access), behind);
        } else if (possible) {
            written();
        }
        putBack();
        open = null;
        return possible;
    }

    /**
     * A location that is one whole for the explorer, or that the code of simulated hardware uses: a strand
     * that acquires it sees all that was published there. It takes no part in the order of volatile accesses and full
     * fences.
     */
    private void whole(int by, Cells.Cell at, int access, boolean isThreads) {
        boolean acquires = (access & Access.ACQUIRE) != 0 || isThreads && (access & Access.READ) != 0;
        if (acquires && at.published != null && (at.publisher != by || (access & Access.HARDWARE) == 0)) {
            memory.receive(by, at.published);
        }
        boolean writing = (access & (Access.WRITE | Access.CONDITIONAL)) == Access.WRITE;
        boolean releases = (access & Access.RELEASE) != 0 || isThreads;
        if (writing && (releases || acquires)) { // an interrupt sent by an acquire does not wait for earlier stores
            put(by, at, releases ? memory.publish(by) : memory.carried(by));
        }
    }

    private static void put(int by, Cells.Cell at, View mine) {
        at.published = at.published == null ? mine : at.published.join(mine);
        at.publisher = by;
    }

    /** What a strand has seen and written is there for a strand that {@link #sees} the location. */
    public void publish(int by, Location location) {
        if (!rests) {
            put(by, cells.at(location), memory.publish(by));
        }
    }

    /** A strand sees what was published at a location. */
    public void sees(int by, Location location) {
        Cells.Cell at = rests ? null : cells.at(location);
        if (at != null && at.published != null) {
            memory.receive(by, at.published);
        }
    }

    /** A strand sees all that another one has seen and written. */
    public void sees(int by, int other) {
        memory.receive(by, memory.publish(other));
    }

    /** A fence of a strand, with its mode. */
    public void fence(int by, int access) {
        memory.fence(by, Fence.of(access));
    }

    /** {@return what an access of a strand that misses so many newer values means, for a report} */
    public String text(int by, Location location, int newer, boolean lands) {
        Cells.Cell at = cells.at(location);
        unseen = memory.message(at.number, newer - 1);
        return unseen.missed(x, lands ? null : memory.message(at.number, newer), memory.hasSeen(by, at.number, unseen));
    }
}
