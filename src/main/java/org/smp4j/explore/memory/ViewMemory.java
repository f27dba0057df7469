package org.smp4j.explore.memory;

import java.util.Arrays;

/**
 * {@link MemoryModel#JAVA}: each strand has views, which bound what it may read, and each message carries one, which
 * its reader may take over. Nothing is speculated: a read returns a message that was written already. So a cycle of
 * reads and later writes (load buffering) can't happen, and no value comes out of thin air.
 */
final class ViewMemory extends Memory {
    /** The views of one strand. */
    private static final class Views {
        /** The bound of its own reads and writes. */
        View current = View.NONE;
        /** The bound of its plain reads, if they may go back: as {@code current}, but for what it has only read. */
        View plain = View.NONE;
        private final boolean incoherent;
        /** All that it has written, and all that any message carried that it has read; at least {@code current}. */
        View all = View.NONE;
        /** What any later write publishes: what was acquired, or was before a fence that orders writes. */
        View carried = View.NONE;
        /** Its own writes, with what they published. */
        View own = View.NONE;
        /** What its volatile accesses and full fences publish to all, with the next one. */
        View pushed = View.NONE;
        /** Whether it has made a volatile access or a full fence. */
        boolean pushes;
        /** The last view that it has acquired. It knows all of it for ever, so to acquire it again changes nothing. */
        private View acquired = View.NONE;
        /** The last value of {@code pushed} that was published to all; nothing that was is ever taken back. */
        private View shared = View.NONE;

        Views(boolean incoherent) {
            this.incoherent = incoherent;
        }

        void bound(View view) {
            current = current.join(view);
            plain = incoherent ? plain.join(view) : plain;
        }

        /** As {@code bound}; mostly it is bound by all that it has seen, and then there is nothing to join. */
        void acquired(View view, View allNow) {
            current = current == all ? allNow : current.join(view);
            plain = incoherent ? plain.join(view) : plain;
        }

        void written(int location, int time, View allNow) {
            current = current == all ? allNow : current.with(location, time);
            plain = incoherent ? plain.with(location, time) : plain;
        }

        Views(Views other) {
            incoherent = other.incoherent;
            current = other.current;
            plain = other.plain;
            all = other.all;
            carried = other.carried;
            own = other.own;
            pushed = other.pushed;
            pushes = other.pushes;
            acquired = other.acquired;
            shared = other.shared;
        }
    }

    private Views[] strands = new Views[4];
    /** What volatile accesses and full fences have published to all. */
    private View shared = View.NONE;
    /** Whether volatile accesses and full fences have one order. */
    private final boolean ordered;
    /** Whether a plain read may go back behind an earlier one. */
    private final boolean incoherent;

    ViewMemory(int kept, boolean insertion, boolean incoherent, boolean ordered) {
        super(kept, insertion);
        this.incoherent = incoherent;
        this.ordered = ordered;
    }

    private ViewMemory(ViewMemory other) {
        super(other);
        ordered = other.ordered;
        incoherent = other.incoherent;
        strands = new Views[other.strands.length];
        for (int i = 0; i < strands.length; i++) {
            strands[i] = other.strands[i] == null ? null : new Views(other.strands[i]);
        }
        shared = other.shared;
    }

    @Override
    public Memory copy() {
        return new ViewMemory(this);
    }

    @Override
    public void fence(int strand, Fence fence) {
        Views views = views(strand);
        switch (fence) {
            case LOAD_LOAD -> views.bound(views.all);
            case STORE_STORE -> views.carried = views.carried.join(views.own);
            case ACQUIRE -> {
                views.bound(views.all);
                views.carried = views.carried.join(views.all);
            }
            case RELEASE -> views.carried = views.carried.join(views.all);
            case FULL -> {
                if (ordered) {
                    shared = shared.join(views.all);
                    views.all = views.all.join(shared);
                }
                views.bound(views.all);
                views.carried = views.all;
                views.pushed = views.all;
                views.pushes = true;
            }
        }
    }

    @Override
    public View publish(int strand) {
        return views(strand).all;
    }

    @Override
    public View carried(int strand) {
        return views(strand).carried;
    }

    @Override
    public void receive(int strand, View view) {
        acquire(views(strand), view);
    }

    private static void acquire(Views views, View view) {
        if (view == views.acquired) {
            return;
        }
        views.acquired = view;
        View all = views.all.join(view);
        boolean carriesAll = views.carried == views.all;
        views.acquired(view, all);
        views.carried = carriesAll ? all : views.carried.join(view);
        views.all = all;
    }

    private Views views(int strand) {
        if (strand >= strands.length) {
            strands = Arrays.copyOf(strands, Math.max(strand + 1, 2 * strands.length));
        }
        if (strands[strand] == null) {
            strands[strand] = new Views(incoherent);
        }
        return strands[strand];
    }

    /** {@return whether the access exchanges views with all volatile accesses before: it is not the strand's first} */
    private boolean isPush(Views views, AccessMode mode) {
        return ordered && mode == AccessMode.VOLATILE && views.pushes;
    }

    private int sharedAt(Views views, int location, AccessMode mode) {
        return isPush(views, mode) ? Math.max(shared.at(location), views.pushed.at(location)) : 0;
    }

    @Override
    int bound(int strand, int location, AccessMode mode) {
        Views views = views(strand);
        boolean goesBack = incoherent && mode == AccessMode.PLAIN;
        return Math.max((goesBack ? views.plain : views.current).at(location), sharedAt(views, location, mode));
    }

    @Override
    int publishes(int strand, int location, AccessMode mode) {
        Views views = views(strand);
        return Math.max((mode.releases() ? views.all : views.carried).at(location), sharedAt(views, location, mode));
    }

    @Override
    public boolean hasSeen(int strand, int location, Message message) {
        return incoherent && views(strand).all.at(location) >= message.time;
    }

    @Override
    void afterRead(int strand, int location, AccessMode mode, Message message) {
        Views views = views(strand);
        if (isPush(views, mode)) {
            share(views);
            acquire(views, shared);
        }
        see(views, location, mode, message);
        if (mode == AccessMode.VOLATILE) {
            views.pushed = views.pushed.join(message.view);
            views.pushes = true;
        }
    }

    private void see(Views views, int location, AccessMode mode, Message message) {
        if (mode.acquires()) {
            acquire(views, message.view); // which names the message itself
            return;
        }
        View all = views.all.join(message.view);
        if (!incoherent || mode != AccessMode.PLAIN) {
            boolean knowsAll = views.current == views.all && all == views.all;
            views.current = knowsAll ? all : views.current.with(location, message.time);
        }
        views.all = all;
    }

    @Override
    View afterWrite(int strand, int location, AccessMode mode, int time) {
        Views views = views(strand);
        if (!isPush(views, mode)) {
            return put(views, location, mode, time, View.NONE);
        }
        share(views);
        return put(views, location, mode, time, shared);
    }

    private void share(Views views) {
        if (views.pushed != views.shared) {
            views.shared = views.pushed;
            shared = shared.join(views.pushed);
        }
    }

    @Override
    View afterExchange(int strand, int location, AccessMode mode, Message read, int time) {
        Views views = views(strand);
        if (isPush(views, mode)) {
            share(views);
            acquire(views, shared);
        }
        see(views, location, mode, read);
        return put(views, location, mode, time, read.view);
    }

    private static View put(Views views, int location, AccessMode mode, int time, View beside) {
        View before = views.all;
        View all = before.with(location, time);
        View known = (mode.releases() ? before : views.carried).join(beside);
        View view = known == before ? all : known.with(location, time);
        views.written(location, time, all);
        views.all = all;
        views.own = views.own.join(view);
        if (mode == AccessMode.VOLATILE) {
            views.pushed = views.all; // whatever was to be pushed is known
            views.pushes = true;
        }
        return view;
    }

    @Override
    boolean reachesBefore(int location, int time) {
        for (Views views : strands) {
            if (views != null && (incoherent ? views.plain : views.current).at(location) < time) {
                return true;
            }
        }
        return false;
    }

    @Override
    void strandKeys(StateKey key) {
        shared.key(key, this);
        for (int strand = 0; strand < strands.length; strand++) {
            Views views = strands[strand];
            if (views != null && (views.pushes || views.all != View.NONE)) {
                key.add(strand);
                views.current.key(key, this);
                if (incoherent) {
                    views.plain.key(key, this);
                }
                views.all.key(key, this);
                views.carried.key(key, this);
                views.own.key(key, this);
                views.pushed.key(key, this);
                key.add(views.pushes ? 1 : 0);
            }
        }
    }

    @Override
    void clearStrands() {
        shared = View.NONE;
        Arrays.fill(strands, null);
    }
}
