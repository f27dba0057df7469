package org.smp4j.explore.instrument.code;

import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.classfile.constantpool.StringEntry;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.MonitorInstruction;
import java.lang.classfile.instruction.NewMultiArrayInstruction;
import java.lang.classfile.instruction.NewPrimitiveArrayInstruction;
import java.lang.classfile.instruction.NewReferenceArrayInstruction;
import java.lang.classfile.instruction.ThrowInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.DirectMethodHandleDesc;
import java.lang.reflect.AccessFlag;
import java.util.HashSet;
import java.util.Set;
import org.smp4j.explore.instrument.call.CallRules;
import org.smp4j.explore.instrument.call.Hierarchy;
import org.smp4j.explore.instrument.call.Rewritten;
import org.smp4j.explore.instrument.shadow.Shadows;

/**
 * Checks whether a static initializer makes only constants: values that never change, from methods that make only such
 * values. Objects that it makes are immutable if their fields are final and hold such values; arrays may not escape.
 */
final class Harmless {
    /** Classes all of whose methods and constructors make only such values. */
    private static final Set<String> VALUES = Set.of("""
            java/lang/Object java/lang/Integer java/lang/Long java/lang/Short java/lang/Byte java/lang/Character
            java/lang/Boolean java/lang/Double java/lang/Float java/lang/Number java/lang/Math java/lang/StrictMath
            java/lang/String java/lang/CharSequence java/lang/Enum java/lang/Record java/lang/Class java/math/BigInteger
            java/math/BigDecimal java/time/Duration java/util/regex/Pattern java/util/Objects java/util/Optional
            java/util/OptionalInt java/util/OptionalLong java/util/Comparator java/util/function/Function
            java/util/function/UnaryOperator java/util/function/Predicate java/util/Locale java/lang/StackWalker
            java/util/Map$Entry java/lang/invoke/MethodHandles java/lang/invoke/MethodHandles$Lookup
            java/lang/invoke/VarHandle java/lang/invoke/MethodType java/lang/invoke/ConstantBootstraps java/lang/Runtime
            java/lang/foreign/Linker java/lang/foreign/SymbolLookup java/lang/foreign/FunctionDescriptor
            java/nio/charset/Charset java/util/concurrent/TimeUnit java/util/UUID java/util/HexFormat
            java/lang/Runtime$Version java/lang/constant/ClassDesc java/lang/constant/MethodTypeDesc
            """.split("\\s+"));

    private static final Set<String> METHODS = Set.of("""
            java/util/List.of java/util/List.copyOf java/util/Set.of java/util/Set.copyOf java/util/Map.of
            java/util/Map.ofEntries java/util/Map.copyOf java/util/Map.entry java/util/Collections.emptyList
            java/util/Collections.emptySet java/util/Collections.emptyMap java/util/List.size java/util/List.get
            java/util/Set.contains java/util/List.contains java/util/Map.get java/util/Map.size java/util/List.indexOf
            java/util/Set.size java/util/List.getFirst java/util/List.getLast java/lang/ThreadLocal.<init>
            java/lang/ThreadLocal.withInitial java/lang/System.getProperty java/lang/System.lineSeparator
            java/lang/System.identityHashCode java/lang/Runtime.version
            """.split("\\s+"));

    private static final Set<String> UNCERTAIN = Set.of("randomUUID", "newInstance", "wait", "notify", "notifyAll");

    private static final String HANDLES = Shadows.PREFIX + "jdk/internal/invoke/MhUtil";
    private static final int MOST_CALLS = 200;

    private final Initializers initializers;
    private final String type;
    private final Set<String> known = new HashSet<>();

    Harmless(Initializers initializers, String type) {
        this.initializers = initializers;
        this.type = type;
    }

    boolean initializer(MethodModel method) {
        return method(type, method);
    }

    private boolean method(String owner, MethodModel method) {
        if (!known.add(owner + "." + method.methodName().stringValue() + method.methodType().stringValue())) {
            return true; // its check is in progress
        }
        if (known.size() > MOST_CALLS || method.code().isEmpty() || method.flags().has(AccessFlag.SYNCHRONIZED)) {
            return false;
        }
        boolean constructs = method.methodName().equalsString(ConstantDescs.INIT_NAME);
        boolean initializes = method.methodName().equalsString(ConstantDescs.CLASS_INIT_NAME);
        CodeModel code = method.code().get();
        boolean callsBack = code.elementStream().anyMatch(Harmless::callsBack);
        boolean arrays = code.elementStream().anyMatch(Harmless::makesArray);
        for (CodeElement element : code) {
            boolean fine = switch (element) {
                case FieldInstruction field -> field(field, owner, constructs, initializes, arrays);
                case InvokeInstruction call -> call(call) && (!call.name().equalsString("forName") || namesNone());
                case InvokeDynamicInstruction dynamic ->
                        (!arrays || dynamic.typeSymbol().parameterList().stream().noneMatch(Harmless::mayBeArray))
                        && (!callsBack || dynamic.bootstrapArgs().stream().allMatch(this::isHarmless));
                case MonitorInstruction _ -> false;
                // mostly the exception for a missing handle
                case ThrowInstruction _ -> !code.exceptionHandlers().isEmpty();
                default -> true;
            };
            if (!fine) {
                return false;
            }
        }
        return true;
    }

    private static boolean makesArray(CodeElement element) {
        return element instanceof NewPrimitiveArrayInstruction || element instanceof NewReferenceArrayInstruction
                || element instanceof NewMultiArrayInstruction;
    }

    private static boolean mayBeArray(ClassDesc value) {
        return value.isArray() || value.equals(ConstantDescs.CD_Object);
    }

    private boolean field(FieldInstruction field, String user, boolean constructs, boolean initializes,
            boolean arrays) {
        String owner = field.owner().asInternalName();
        String name = field.name().stringValue();
        boolean own = owner.equals(user);
        return switch (field.opcode()) {
            case PUTSTATIC -> own && initializes
                    && (name.startsWith("$") || !field.typeSymbol().isArray()
                            && !(arrays && mayBeArray(field.typeSymbol())));
            case GETSTATIC -> own || constant(field, owner, name);
            case PUTFIELD -> own && constructs;
            default -> own;
        };
    }

    /** A constant of another class whose initializer is harmless as well. */
    private boolean constant(FieldInstruction field, String owner, String name) {
        if (Rewritten.isPlatform(owner.replace('/', '.'))) {
            return !owner.equals("java/lang/System") && !field.typeSymbol().isArray();
        }
        ClassModel model = initializers.model(owner);
        return model != null && !field.typeSymbol().isArray() && isUsable(owner) && model.fields().stream()
                .anyMatch(declared -> declared.fieldName().equalsString(name)
                        && declared.flags().has(AccessFlag.FINAL));
    }

    /** Whether a use of the class runs only harmless initializers. */
    private boolean isUsable(String owner) {
        return owner.equals(type) || initializers.isHarmless(owner) && !initializers.areNeeded(owner);
    }

    private boolean call(InvokeInstruction call) {
        String owner = call.owner().asInternalName();
        String name = call.name().stringValue();
        if (owner.startsWith("[")) {
            return name.equals("clone");
        }
        if (Rewritten.isPlatform(owner.replace('/', '.'))) {
            return VALUES.contains(owner) && !isUncertain(name) || METHODS.contains(owner + "." + name)
                    || wraps(call, name);
        }
        if (CallRules.isUnsafe(owner) || owner.equals(HANDLES)) {
            return true;
        }
        ClassModel model = initializers.model(owner);
        if (model == null || !isUsable(owner)) {
            return false;
        }
        MethodModel method = Initializers.method(model, name, call.type().stringValue());
        if (method == null) {
            return inherited(model, name, call);
        }
        boolean constructor = name.equals(ConstantDescs.INIT_NAME);
        boolean certain = constructor || call.opcode() == Opcode.INVOKESTATIC || call.opcode() == Opcode.INVOKESPECIAL
                || method.flags().has(AccessFlag.PRIVATE) || method.flags().has(AccessFlag.FINAL)
                || model.flags().has(AccessFlag.FINAL);
        return certain && (!constructor || initializers.isImmutable(owner)) && method(owner, method);
    }

    /** Whether no string in the class is the name of a class with an initializer that is not harmless. */
    private boolean namesNone() {
        for (PoolEntry entry : initializers.model(type).constantPool()) {
            if (entry instanceof StringEntry text && text.stringValue().indexOf('/') < 0
                    && !isUsable(text.stringValue().replace('.', '/'))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isUncertain(String name) {
        return UNCERTAIN.contains(name) || name.startsWith("parse") || name.startsWith("decode");
    }

    /** Whether the method calls the function that it gets before it returns. */
    private static boolean callsBack(CodeElement element) {
        return element instanceof InvokeInstruction call && CallRules.takesFunction(call.typeSymbol())
                && (call.owner().asInternalName().startsWith("java/util/Opt")
                        || call.owner().asInternalName().equals("java/util/Objects"));
    }

    /** A bootstrap argument of a lambda, above all the method that the lambda calls. */
    private boolean isHarmless(ConstantDesc argument) {
        if (!(argument instanceof DirectMethodHandleDesc handle)) {
            return true;
        }
        String owner = Hierarchy.internalName(handle.owner());
        ClassModel model = initializers.model(owner);
        MethodModel method = model == null ? null
                : Initializers.method(model, handle.methodName(), handle.lookupDescriptor());
        return method == null ? VALUES.contains(owner) : isUsable(owner) && method(owner, method);
    }

    private static boolean wraps(InvokeInstruction call, String name) {
        return name.equals(ConstantDescs.INIT_NAME) && call.type().stringValue().endsWith("Ljava/lang/Throwable;)V");
    }

    /** A method that an enum or a record inherits from the platform. */
    private static boolean inherited(ClassModel model, String name, InvokeInstruction call) {
        return !name.equals(ConstantDescs.INIT_NAME) && call.opcode() == Opcode.INVOKEVIRTUAL
                && model.superclass().filter(parent -> VALUES.contains(parent.asInternalName())).isPresent();
    }
}
