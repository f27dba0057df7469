package org.smp4j.explore.instrument.call;

import java.lang.classfile.Opcode;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.smp4j.explore.instrument.call.Treatment.Bridged;
import org.smp4j.explore.instrument.call.Treatment.Entered;
import org.smp4j.explore.instrument.call.Treatment.Fenced;
import org.smp4j.explore.instrument.call.Treatment.Listed;
import org.smp4j.explore.instrument.call.Treatment.Property;
import org.smp4j.explore.instrument.call.Treatment.Quiet;
import org.smp4j.explore.instrument.call.Treatment.Refused;
import org.smp4j.explore.instrument.call.Treatment.Shape;
import org.smp4j.explore.instrument.call.Treatment.Sited;
import org.smp4j.explore.instrument.call.Treatment.Walking;
import org.smp4j.explore.instrument.shadow.Shadows;
import org.smp4j.explore.model.Access;

/** Decides the treatment of each call. */
public final class CallRules {
    private static final String VAR_HANDLE = "java/lang/invoke/VarHandle";
    private static final String CONCURRENT = "java/util/concurrent/";
    private static final String ATOMICS = CONCURRENT + "atomic/";
    private static final String THREAD = "java/lang/Thread";
    private static final String UNSAFE = Shadows.PREFIX + "jdk/internal/misc/Unsafe";
    private static final String SUN_UNSAFE = Shadows.PREFIX + "sun/misc/Unsafe";
    private static final Pattern ORDERING = Pattern.compile("(Opaque|Volatile|Acquire|Release|Plain)$");
    private static final Set<String> OVERRIDABLE = Set.of("start", "interrupt", "isInterrupted");
    private static final Set<String> CELLS = Set.of("AtomicInteger", "AtomicLong", "AtomicBoolean", "AtomicReference");
    private static final Set<String> ARRAYS = Set.of("AtomicIntegerArray", "AtomicLongArray", "AtomicReferenceArray");
    private static final Set<String> UPDATERS = Set.of("AtomicIntegerFieldUpdater", "AtomicLongFieldUpdater",
            "AtomicReferenceFieldUpdater");
    private static final Set<String> LOOKUPS = Set.of("findVirtual", "findStatic", "findSpecial", "bind", "unreflect",
            "unreflectSpecial", "findGetter", "findSetter", "findStaticGetter", "findStaticSetter", "unreflectGetter",
            "unreflectSetter");
    private static final Pattern FIELD_ACCESS =
            Pattern.compile("[gs]et(Boolean|Byte|Char|Short|Int|Long|Float|Double)?");
    private static final Set<String> OBJECTS = Set.of("AtomicStampedReference", "AtomicMarkableReference", "LongAdder",
            "DoubleAdder", "LongAccumulator", "DoubleAccumulator", "Striped64");
    private static final Set<String> CONTAINERS = Set.of("java/util/Collection", "java/util/Map", "java/util/Iterator",
            "java/util/Enumeration", "java/util/Map$Entry", "java/lang/Iterable", "java/util/BitSet",
            "java/util/Random", "java/util/Spliterator");
    private static final Set<String> BLOCKING = Set.of("put", "take", "putFirst", "putLast", "takeFirst", "takeLast",
            "transfer", "tryTransfer");
    /** Library classes that hold a lock while they call back, and are no containers. */
    private static final Set<String> LOCKING = Set.of("java/util/logging/Logger", "java/lang/System$Logger");
    private static final Set<String> BUILDERS = Set.of("java/lang/StringBuilder", "java/lang/StringBuffer");
    private static final List<String> WALKED_FREELY = List.of("ConcurrentHashMap", "ConcurrentSkipList",
            "ConcurrentLinked", "CopyOnWrite");
    private static final Pattern WRAPPERS = Pattern.compile(
            "unmodifiable|synchronized|checked|asLifoQueue|newSetFromMap|newSequencedSetFromMap|enumeration");
    private static final Treatment OPEN = new Bridged(Shape.OPEN, 0, Quiet.NEVER);
    static final Set<String> HARMLESS = Set.of("getClass", "<init>", "<clinit>");

    /** A call as the class file names it. */
    private record Callee(String owner, String name, String descriptor, Opcode opcode) {
    }

    private final Hierarchy hierarchy;
    private final Predicate<String> rewritten;
    private final StatefulCalls stateful;
    private final Map<Callee, Optional<Treatment>> treatments = new ConcurrentHashMap<>();
    private final Map<String, Boolean> containers = new ConcurrentHashMap<>();

    /**
     * Makes rules.
     *
     * @param hierarchy where classes are looked up
     * @param rewritten which are rewritten, by binary name
     */
    public CallRules(Hierarchy hierarchy, Predicate<String> rewritten) {
        this.hierarchy = hierarchy;
        this.rewritten = rewritten;
        stateful = new StatefulCalls(hierarchy);
    }

    /** The treatment of a call; null if the call stays as it is. */
    public Treatment treat(String owner, String name, MethodTypeDesc type, Opcode opcode) {
        Callee callee = new Callee(owner, name, type.descriptorString(), opcode);
        Optional<Treatment> known = treatments.get(callee);
        if (known == null) {
            known = Optional.ofNullable(consider(owner, name, type, opcode));
            treatments.put(callee, known);
        }
        return known.orElse(null);
    }

    private Treatment consider(String owner, String name, MethodTypeDesc type, Opcode opcode) {
        Treatment array = ArrayCalls.treat(owner, name, type);
        if (array != null || owner.startsWith("[")) {
            return array;
        }
        if (owner.equals(VAR_HANDLE)) {
            return handle(name, type);
        }
        String descriptor = type.descriptorString();
        if (owner.equals(UNSAFE)) {
            return isKnown(unsafe(name, type), name, type) ? unsafe(name, type) : unknown();
        }
        if (owner.equals(SUN_UNSAFE)) {
            return sunUnsafe(name, type);
        }
        if (name.equals("loadClass") && descriptor.equals("(Ljava/lang/String;)Ljava/lang/Class;")
                && hierarchy.isA(owner, "java/lang/ClassLoader")) {
            return new Treatment.Loading();
        }
        String declaring = owner;
        if (!isPlatform(owner) || isObjects(name, descriptor)) {
            declaring = hierarchy.declaring(owner, name, descriptor);
        }
        if (declaring != null && Shadows.isShadow(declaring)) {
            return new Entered();
        }
        if (declaring == null && Shadows.isWritten(owner)) {
            return unknown();
        }
        if (declaring == null && descriptor.contains(Shadows.PREFIX) && hierarchy.model(owner) != null) {
            String library = Rewritten.library(owner.replace('/', '.'));
            return new Refused(", of a library that is not rewritten and knows java.util.concurrent"
                    + (library == null ? "," : " (add --rewrite " + library + ", or rewrite = \"" + library
                    + "\" to the test's annotation),"));
        }
        if (declaring == null || !isPlatform(declaring)) {
            return owner.startsWith("org/jctools/") && !name.equals("<init>")
                    && !rewritten.test(owner.replace('/', '.')) ? new Listed() : null;
        }
        boolean isOpen = opcode == Opcode.INVOKEINTERFACE || opcode == Opcode.INVOKEVIRTUAL && !isPlatform(owner);
        return platform(declaring, name, type, opcode, isOpen);
    }

    /** Whether the class in place of {@code Unsafe} has the method that a call becomes. */
    private boolean isKnown(Treatment treatment, String name, MethodTypeDesc type) {
        return treatment != null && !(treatment instanceof Sited)
                || (treatment instanceof Sited sited ? hierarchy.declaring(UNSAFE, sited.method(),
                        type.insertParameterTypes(type.parameterCount(), ConstantDescs.CD_int).descriptorString())
                        : hierarchy.declaring(UNSAFE, name, type.descriptorString())) != null;
    }

    private static Refused unknown() {
        return new Refused(", an internal of JDK " + Runtime.version() + " that smp4j does not know,");
    }

    /** Whether a call may run the method of {@code Object}, whatever class it names. */
    private static boolean isObjects(String name, String descriptor) {
        return name.equals("hashCode") && descriptor.equals("()I") || name.equals("wait")
                || name.startsWith("notify") && descriptor.equals("()V");
    }

    private static boolean isPlatform(String owner) {
        return Rewritten.isPlatform(owner.replace('/', '.'));
    }

    /**
     * The treatment of a method of the platform; {@code isOpen} tells whether the object may be of a rewritten class.
     */
    private Treatment platform(String owner, String name, MethodTypeDesc type, Opcode opcode, boolean isOpen) {
        String descriptor = type.descriptorString();
        Treatment replaced = Replacements.of(owner, name, descriptor);
        if (replaced == null) {
            replaced = Replacements.of(threadOwner(owner), name, descriptor);
        }
        if (replaced != null) {
            boolean isOverridable = opcode == Opcode.INVOKEVIRTUAL && threadOwner(owner).equals(THREAD)
                    && OVERRIDABLE.contains(name);
            return isOverridable ? new Bridged(Shape.OVERRIDABLE, 0, Quiet.NEVER) : replaced;
        }
        if (owner.equals("java/lang/Object")) {
            return name.equals("hashCode") ? new Bridged(Shape.HASH, 0, Quiet.NEVER)
                    : name.equals("clone") ? new Bridged(Shape.CLONE, Access.READ, Quiet.NEVER) : null;
        }
        if (owner.equals("java/lang/Boolean") && name.equals("getBoolean")) {
            return new Property();
        }
        if (owner.equals(THREAD) && name.equals("join")) {
            return new Bridged(Shape.JOIN, 0, Quiet.NEVER);
        }
        Treatment reflected = reflected(owner, name);
        if (reflected != null) {
            return reflected;
        }
        if (owner.startsWith(ATOMICS)) {
            return atomic(owner.substring(ATOMICS.length()), name, type);
        }
        if (Refusals.isRefused(owner, name, descriptor)) {
            return owner.startsWith("jdk/internal/") ? unknown() : new Refused();
        }
        if (owner.equals("java/util/Collections") && WRAPPERS.matcher(name).lookingAt()) {
            return new Bridged(Shape.WRAPPER, 0, Quiet.NEVER);
        }
        if (Refusals.isListed(owner, name)) {
            return new Listed();
        }
        if (isContainer(owner)) {
            return opcode != Opcode.INVOKESTATIC ? container(owner, name, type, isOpen)
                    : Modes.drawsOrder(owner, name) ? new Bridged(Shape.GIVEN, 0, Quiet.NEVER)
                    : owner.equals("java/util/List") && name.equals("copyOf") ? new Walking() : null;
        }
        if (owner.startsWith(CONCURRENT)) {
            return concurrent(owner, name, descriptor, isOpen);
        }
        if (BUILDERS.contains(owner)) {
            return HARMLESS.contains(name) ? null : new Bridged(Shape.OBJECT, Modes.ofCollection(owner, name),
                    Modes.isGuarded(owner) ? Quiet.ALWAYS : Quiet.NEVER);
        }
        if (LOCKING.contains(owner)) {
            return !HARMLESS.contains(name) && takesReference(type) ? new Bridged(Shape.NONE, 0, Quiet.ALWAYS) : null;
        }
        return stateful.treat(owner, name, type, opcode);
    }

    /** Treats the JDK's own subclasses of threads and thread locals like their superclasses. */
    private String threadOwner(String owner) {
        for (String base : List.of(THREAD, "java/lang/ThreadLocal")) {
            if (owner.startsWith("java/") && (owner.endsWith("Thread") || owner.endsWith("ThreadLocal"))
                    && hierarchy.isA(owner, base)) {
                return base;
            }
        }
        return owner;
    }

    private boolean isContainer(String owner) {
        return owner.startsWith("java/util/") ? containers.computeIfAbsent(owner, this::extendsContainer)
                : owner.equals("java/lang/Iterable");
    }

    private boolean extendsContainer(String owner) {
        return CONTAINERS.stream().anyMatch(type -> hierarchy.isA(owner, type));
    }

    /** Whether a class stands in for the JDK's {@code Unsafe}: it makes the accesses, and no steps of its own. */
    public static boolean isUnsafe(String owner) {
        return owner.equals(UNSAFE) || owner.equals(SUN_UNSAFE) || owner.startsWith(SUN_UNSAFE + "$");
    }

    /** The treatment of a call of {@code sun.misc.Unsafe}: what its substitute lacks is refused. */
    private Treatment sunUnsafe(String name, MethodTypeDesc type) {
        if (name.endsWith("Fence")) {
            return new Fenced();
        }
        Treatment replaced = Replacements.of(SUN_UNSAFE, name, type.descriptorString());
        if (replaced != null || hierarchy.declaring(SUN_UNSAFE, name, type.descriptorString()) != null) {
            return replaced;
        }
        Sited sited = new Sited(ORDERING.matcher(name).replaceFirst("").replace("putOrdered", "put"),
                Modes.ofSunUnsafe(name));
        boolean known = hierarchy.declaring(SUN_UNSAFE, sited.method(),
                type.insertParameterTypes(type.parameterCount(), ConstantDescs.CD_int).descriptorString()) != null;
        return known ? sited : new Refused();
    }

    private static Treatment unsafe(String name, MethodTypeDesc type) {
        if (name.endsWith("Fence")) {
            return new Fenced();
        }
        Treatment replaced = Replacements.of(UNSAFE, name, type.descriptorString());
        int mode = replaced != null ? 0 : Modes.ofUnsafe(name);
        return mode == 0 ? replaced
                : new Sited(ORDERING.matcher(name).replaceFirst("").replace("weakCompareAnd", "compareAnd"), mode);
    }

    private static Treatment handle(String name, MethodTypeDesc type) {
        if (name.endsWith("Fence")) {
            return new Fenced();
        }
        if (name.equals("toMethodHandle")) {
            return new Refused();
        }
        int mode = Modes.ofHandle(name);
        if (mode == 0) {
            return null;
        }
        int coordinates = type.parameterCount() - Modes.values(name);
        Shape shape = switch (coordinates) {
            case 0 -> Shape.STATIC_HANDLE;
            case 1 -> Shape.FIELD_HANDLE;
            default -> Shape.ELEMENT_HANDLE;
        };
        if (coordinates > 2 || coordinates == 2 && !isElement(type)) {
            return new Refused(); // the memory is off the heap, or the handle is made of other handles
        }
        return new Bridged(shape, mode, Quiet.NEVER);
    }

    private static boolean isElement(MethodTypeDesc type) {
        return !type.parameterType(0).isPrimitive() && type.parameterType(1).equals(ConstantDescs.CD_int);
    }

    private static Treatment reflected(String owner, String name) {
        boolean isMember = owner.equals("java/lang/reflect/Method") && name.equals("invoke")
                || owner.equals("java/lang/reflect/Constructor") && name.equals("newInstance");
        if (isMember || owner.equals("java/lang/reflect/Field") && FIELD_ACCESS.matcher(name).matches()) {
            int mode = isMember ? 0 : name.startsWith("set") ? Access.WRITE : Access.READ;
            return new Bridged(Shape.REFLECTED, mode, Quiet.NEVER);
        }
        return owner.equals("java/lang/invoke/MethodHandles$Lookup") && LOOKUPS.contains(name)
                ? new Bridged(Shape.FOUND, 0, Quiet.NEVER) : null;
    }

    private static Treatment atomic(String owner, String name, MethodTypeDesc type) {
        if (HARMLESS.contains(name)) {
            return null;
        }
        if (CELLS.contains(owner)) {
            int mode = Modes.ofAtomic(name);
            return mode == 0 ? null : new Bridged(Shape.ATOMIC, mode, takesFunction(type) ? Quiet.ALWAYS : Quiet.NEVER);
        }
        if (ARRAYS.contains(owner)) {
            int mode = type.parameterCount() == 0 ? 0 : Modes.ofAtomic(name);
            if (mode == 0) {
                return name.equals("toString") ? new Listed() : null;
            }
            return new Bridged(Shape.ATOMIC_ELEMENT, mode, takesFunction(type) ? Quiet.ALWAYS : Quiet.NEVER);
        }
        if (UPDATERS.contains(owner)) {
            return name.equals("newUpdater") ? new Bridged(Shape.UPDATER_MADE, 0, Quiet.NEVER)
                    : new Bridged(Shape.UPDATER, Modes.ofAtomic(name),
                    takesFunction(type) ? Quiet.ALWAYS : Quiet.NEVER);
        }
        return OBJECTS.contains(owner) ? new Bridged(Shape.OBJECT, Modes.ofAdder(name), Quiet.ALWAYS) : new Refused();
    }

    private Treatment container(String owner, String name, MethodTypeDesc type, boolean isOpen) {
        if (name.equals("<init>")) {
            return PassedArguments.copies(owner, name, type) ? Modes.makesOrder(owner) ? null : new Walking()
                    : type.parameterList().stream().anyMatch(this::isContainer) ? new Listed() : null;
        }
        if (HARMLESS.contains(name)) {
            return null;
        }
        boolean concurrent = owner.startsWith(CONCURRENT);
        if (concurrent && (BLOCKING.contains(name) && owner.matches(".*(Blocking|Transfer|Delay).*")
                || type.parameterList().stream().anyMatch(CallRules::isUnit))) {
            return isOpen ? OPEN : new Refused();
        }
        return new Bridged(Shape.OBJECT, Modes.ofCollection(owner, name), quiet(owner, name));
    }

    private boolean isContainer(ClassDesc type) {
        return type.isClassOrInterface() && isContainer(Hierarchy.internalName(type));
    }

    private static boolean isUnit(ClassDesc type) {
        return type.descriptorString().equals("Ljava/util/concurrent/TimeUnit;");
    }

    private static Quiet quiet(String owner, String name) {
        boolean walk = name.startsWith("forEach") || name.startsWith("search") || name.startsWith("reduce");
        if (owner.startsWith(CONCURRENT)) {
            return walk && WALKED_FREELY.stream().anyMatch(owner::contains) ? Quiet.NEVER : Quiet.ALWAYS;
        }
        if (Modes.isGuarded(owner)) {
            return Quiet.ALWAYS;
        }
        boolean open = owner.equals("java/lang/Iterable")
                || List.of("Collection", "List", "Set", "Map", "Queue", "Deque", "SortedMap", "NavigableMap",
                "SortedSet", "NavigableSet", "Map$Entry", "SequencedCollection", "SequencedMap", "SequencedSet",
                "AbstractCollection", "AbstractMap", "AbstractQueue").contains(owner.substring("java/util/".length()));
        if (!open) {
            return Quiet.NEVER;
        }
        return walk ? Quiet.IF_LOCKING_WALK : Quiet.IF_LOCKING;
    }

    private Treatment concurrent(String owner, String name, String descriptor, boolean isOpen) {
        if (owner.equals(CONCURRENT + "locks/Lock")
                && (descriptor.equals("()V") && !name.equals("lockInterruptibly") || descriptor.equals("()Z"))) {
            return new Bridged(Shape.LOCK, 0, Quiet.NEVER);
        }
        if (owner.equals(CONCURRENT + "TimeUnit")) {
            return name.startsWith("timed") ? new Refused() : null;
        }
        if (name.equals("<init>") || owner.equals(CONCURRENT + "Callable") || name.equals("defaultBufferSize")
                || owner.equals(CONCURRENT + "ThreadFactory")
                || owner.equals(CONCURRENT + "Delayed")
                || hierarchy.isA(owner, "java/lang/Throwable")) {
            return null;
        }
        return isOpen ? OPEN : new Refused();
    }

    private static boolean takesReference(MethodTypeDesc type) {
        return type.parameterList().stream().anyMatch(ClassDesc::isClassOrInterface);
    }

    /** Whether a method takes a function that it may call back. */
    public static boolean takesFunction(MethodTypeDesc type) {
        return type.parameterList().stream().map(ClassDesc::descriptorString)
                .anyMatch(name -> name.startsWith("Ljava/util/function/") || name.equals("Ljava/util/Comparator;"));
    }
}
