package org.smp4j.explore.instrument.code;

import java.lang.classfile.Attributes;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.Label;
import java.lang.classfile.MethodModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.PseudoInstruction;
import java.lang.classfile.TypeKind;
import java.lang.classfile.attribute.LineNumberInfo;
import java.lang.classfile.instruction.ArrayLoadInstruction;
import java.lang.classfile.instruction.ArrayStoreInstruction;
import java.lang.classfile.instruction.BranchInstruction;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.LabelTarget;
import java.lang.classfile.instruction.LineNumber;
import java.lang.classfile.instruction.LookupSwitchInstruction;
import java.lang.classfile.instruction.MonitorInstruction;
import java.lang.classfile.instruction.NewObjectInstruction;
import java.lang.classfile.instruction.NewReferenceArrayInstruction;
import java.lang.classfile.instruction.ReturnInstruction;
import java.lang.classfile.instruction.StackInstruction;
import java.lang.classfile.instruction.SwitchCase;
import java.lang.classfile.instruction.TableSwitchInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.smp4j.explore.instrument.call.Hierarchy;
import org.smp4j.explore.instrument.call.Modes;
import org.smp4j.explore.instrument.call.PassedArguments;
import org.smp4j.explore.instrument.call.Rewritten;
import org.smp4j.explore.instrument.call.SpinCalls;
import org.smp4j.explore.instrument.call.Treatment;
import org.smp4j.explore.instrument.code.Bridges.Target;
import org.smp4j.explore.model.Access;

/** Rewrites one method. The code may come twice, if jumps turn out long; sites are numbered the first time. */
final class MethodRewriter implements CodeTransform {
    private static final MethodTypeDesc SITE = MethodTypeDesc.ofDescriptor("(I)V");
    private static final MethodTypeDesc OBJECT_SITE = MethodTypeDesc.ofDescriptor("(Ljava/lang/Object;I)V");
    private static final String ENUM = "java/lang/Enum";
    private static final ClassDesc CONSTANT_HASHES =
            ClassDesc.of("org.smp4j.explore.environment.ConstantHashes");
    private static final MethodTypeDesc SETTLE = MethodTypeDesc.ofDescriptor("(Ljava/lang/Object;)V");
    private static final MethodTypeDesc MADE = MethodTypeDesc.ofDescriptor("(Ljava/lang/Thread;)V");
    private static final ClassDesc CONCATENATION = ClassDesc.of("java.lang.invoke.StringConcatFactory");
    private static final ClassDesc RECORD_METHODS = ClassDesc.of("java.lang.runtime.ObjectMethods");
    private static final String THREAD = "java/lang/Thread";
    static final String ENUM_TABLE = "$SwitchMap$";

    private final ClassContext context;
    private final MethodModel method;
    private final MethodFrame frame;
    private final SpinCalls spins;
    private final boolean isConstructor;
    private final boolean isQuiet; // no access is a step
    private final int firstLine;
    private final List<Integer> sites = new ArrayList<>();
    private final Set<Label> passed = new HashSet<>(); // a jump to one of these is a backward jump
    private final Map<TypeKind, Integer> temporaries = new EnumMap<>(TypeKind.class);

    private int nextSite;
    private int line;
    private int pendingNews;
    private int pendingThreads;
    private boolean justNew;
    private boolean beforeSuper;
    private boolean enumTable;
    private boolean justOrdinal;
    private boolean justFilled; // an array that the code has just made

    MethodRewriter(ClassContext context, MethodModel method) {
        this.context = context;
        this.method = method;
        isConstructor = method.methodName().equalsString(ConstantDescs.INIT_NAME);
        isQuiet = context.isObserver
                || !context.startsAfresh && method.methodName().equalsString(ConstantDescs.CLASS_INIT_NAME);
        firstLine = method.code().orElseThrow().findAttribute(Attributes.lineNumberTable()).flatMap(table -> table
                .lineNumbers().stream().min(Comparator.comparingInt(LineNumberInfo::startPc)))
                .map(LineNumberInfo::lineNumber).orElse(0);
        frame = new MethodFrame(context, method);
        spins = new SpinCalls(method);
    }

    @Override
    public void atStart(CodeBuilder code) {
        nextSite = 0;
        line = firstLine;
        pendingNews = 0;
        pendingThreads = 0;
        justNew = false;
        beforeSuper = isConstructor;
        enumTable = false;
        justOrdinal = false;
        justFilled = false;
        passed.clear();
        temporaries.clear();
        frame.begin(code, frame.initializes() ? use(context.type)
                : frame.asks() ? site("loadClass", MethodFrame.ASKED, 0) : 0,
                frame.locks() ? site("monitorenter", "monitor", 0) : 0,
                frame.locks() ? site("monitorexit", "monitor", 0) : 0);
    }

    @Override
    public void atEnd(CodeBuilder code) {
        frame.end(code);
    }

    @Override
    public void accept(CodeBuilder code, CodeElement element) {
        boolean afterOrdinal = justOrdinal;
        justFilled = element instanceof ArrayStoreInstruction || element instanceof NewReferenceArrayInstruction
                || justFilled && (element instanceof PseudoInstruction || element instanceof InvokeInstruction);
        if (!(element instanceof PseudoInstruction)) {
            justOrdinal = false;
            pendingThreads += justNew && element instanceof StackInstruction duplicate
                    && duplicate.opcode() == Opcode.DUP ? 1 : 0;
            justNew = false;
        }
        switch (element) {
            case LineNumber number -> {
                line = number.line();
                code.with(element);
            }
            case FieldInstruction field -> field(code, field);
            case ArrayLoadInstruction load when !isQuiet && !(enumTable && afterOrdinal) -> ArrayCode.load(code, load,
                    context.options, site("load", Modes.arrayName(load.typeKind()), Access.READ | Access.PLAIN));
            case ArrayStoreInstruction store when !isQuiet -> arrayStore(code, store);
            case MonitorInstruction monitor -> {
                boolean enters = monitor.opcode() == Opcode.MONITORENTER;
                code.loadConstant(site(enters ? "monitorenter" : "monitorexit", "monitor", 0));
                code.invokestatic(context.options.hooks(), enters ? "monitorEnter" : "monitorExit", OBJECT_SITE);
            }
            case InvokeInstruction invoke -> invoke(code, invoke);
            case InvokeDynamicInstruction dynamic -> dynamic(code, dynamic);
            case LabelTarget target -> {
                passed.add(target.label());
                code.with(element);
                frame.caught(code, target.label());
            }
            case BranchInstruction branch -> jump(code, branch, branch.target(), List.of());
            case LookupSwitchInstruction choice -> jump(code, choice, choice.defaultTarget(), choice.cases());
            case TableSwitchInstruction choice -> jump(code, choice, choice.defaultTarget(), choice.cases());
            case NewObjectInstruction made -> {
                initialize(code, made.className().asSymbol());
                justNew = made.className().asInternalName().equals(THREAD);
                pendingNews++;
                Substitutes.make(code, made);
            }
            case ReturnInstruction returned -> {
                frame.leave(code);
                code.with(returned);
            }
            default -> {
                enumTable &= !(element instanceof ArrayLoadInstruction);
                code.with(element);
            }
        }
    }

    private void jump(CodeBuilder code, CodeElement jump, Label target, List<SwitchCase> others) {
        if (passed.contains(target) || others.stream().anyMatch(to -> passed.contains(to.target()))) {
            code.invokestatic(context.options.hooks(), "turn", ConstantDescs.MTD_void);
        }
        code.with(jump);
    }

    /** The number of the method's next site, in the order of its code. */
    private int site(String operation, String target, int mode) {
        if (nextSite == sites.size()) {
            sites.add(context.addSite(method, line, operation, target, mode));
        }
        return sites.get(nextSite++);
    }

    private int use(ClassDesc type) {
        return site("initialize", Hierarchy.internalName(type).replace('/', '.') + ".<clinit>", 0);
    }

    /** The code before a use of a class, unless the running code has initialized the class already. */
    private void initialize(CodeBuilder code, ClassDesc type) {
        boolean done = type.equals(context.type)
                && (frame.initializes() || method.methodName().equalsString(ConstantDescs.CLASS_INIT_NAME));
        if (!done) {
            frame.needs(code, type, this::use);
        }
        if (!done && context.initializers.areNeeded(Hierarchy.internalName(type))) {
            Initialization.use(code, type, use(type));
        }
    }

    private int temporary(CodeBuilder code, TypeKind kind) {
        return temporaries.computeIfAbsent(kind.asLoadable(), code::allocateLocal);
    }

    private void hook(CodeBuilder code, String name, int site, MethodTypeDesc type) {
        code.loadConstant(site).invokestatic(context.options.hooks(), name, type);
    }

    private void field(CodeBuilder code, FieldInstruction instruction) {
        String owner = instruction.owner().asInternalName();
        String name = instruction.name().stringValue();
        enumTable |= name.startsWith(ENUM_TABLE);
        if (owner.equals("java/lang/System") && name.equals("in")) {
            hook(code, "refuse", site("System.in", "java.lang.System.in", 0), SITE);
        }
        if (instruction.opcode() == Opcode.GETSTATIC || instruction.opcode() == Opcode.PUTSTATIC) {
            Hierarchy.Field declared = context.hierarchy.field(owner, name, instruction.type().stringValue());
            initialize(code, declared == null ? instruction.owner().asSymbol()
                    : ClassDesc.ofInternalName(declared.owner()));
        }
        boolean own = instruction.owner().asSymbol().equals(context.type);
        boolean writes = instruction.opcode() == Opcode.PUTFIELD || instruction.opcode() == Opcode.PUTSTATIC;
        if (isQuiet || owner.startsWith("java/")
                || writes && beforeSuper && own && instruction.opcode() == Opcode.PUTFIELD) {
            code.with(instruction);
            return;
        }
        Hierarchy.Field field = context.hierarchy.field(owner, name, instruction.type().stringValue());
        if (field != null && (field.isFinal() || Rewritten.isPlatform(field.owner().replace('/', '.')))) {
            code.with(instruction);
            return;
        }
        boolean isVolatile = field != null && field.isVolatile();
        String target = (field == null ? owner : field.owner()).replace('/', '.') + "." + name;
        int order = !isVolatile ? Access.PLAIN : context.options.weaves().stream().anyMatch(w -> w.isOpaque(target))
                ? 0 : Access.VOLATILE | (writes ? Access.RELEASE : Access.ACQUIRE);
        int mode = order | (writes ? Access.WRITE : Access.READ);
        int site = site(instruction.opcode().name().toLowerCase(Locale.ROOT), target, mode);
        ClassDesc type = instruction.typeSymbol();
        TypeKind kind = TypeKind.from(type);
        boolean values = context.options.values();
        switch (instruction.opcode()) {
            case GETSTATIC, PUTSTATIC -> Initialization.staticField(code, context, instruction, site);
            case GETFIELD -> {
                code.dup();
                hook(code, "field", site, OBJECT_SITE);
            }
            default -> beforePut(code, kind, site);
        }
        if (writes && values) {
            int kept = temporary(code, kind);
            code.storeLocal(kind, kept).loadLocal(kind, kept).with(instruction).loadLocal(kind, kept);
            Values.report(code, context.options, type);
        } else {
            code.with(instruction);
            if (values) {
                Values.reportTop(code, context.options, type);
            }
        }
    }

    private void beforePut(CodeBuilder code, TypeKind kind, int site) {
        if (kind.slotSize() == 1) {
            code.dup2().pop();
            hook(code, "field", site, OBJECT_SITE);
        } else {
            int kept = temporary(code, kind);
            code.storeLocal(kind, kept).dup();
            hook(code, "field", site, OBJECT_SITE);
            code.loadLocal(kind, kept);
        }
    }

    private void arrayStore(CodeBuilder code, ArrayStoreInstruction store) {
        ArrayCode.store(code, store, temporary(code, store.typeKind().asLoadable()), context.options,
                site("store", Modes.arrayName(store.typeKind()), Access.WRITE | Access.PLAIN));
    }

    private void invoke(CodeBuilder code, InvokeInstruction invoke) {
        Target target = Substitutes.target(invoke, pendingNews > 0);
        justOrdinal = target.name().equals("ordinal");
        if (target.isStatic()) {
            frame.needs(code, target.owner(), this::use);
        }
        PlannedCall planned = plan(target, Hierarchy.internalName(target.owner()), isQuiet);
        if (planned == null) {
            target.invoke(code);
        } else {
            planned.with(spins.placed(planned.treatment(), planned.site())).emit(code, context);
        }
        if (target.name().equals(ConstantDescs.INIT_NAME)) {
            pendingNews--;
            if (invoke.owner().asInternalName().equals(THREAD)) {
                threadMade(code);
            } else if (invoke.owner().asInternalName().equals(ENUM)) {
                code.aload(0).invokestatic(CONSTANT_HASHES, "settle", SETTLE);
            }
            if (pendingNews < 0) {
                beforeSuper = false;
                pendingNews = 0;
            }
        }
    }

    /** After a constructor of a thread, called by a subclass constructor or a new expression: reports the thread. */
    private void threadMade(CodeBuilder code) {
        boolean isOwn = pendingNews < 0;
        if (isOwn || pendingThreads > 0) {
            pendingThreads -= isOwn ? 0 : 1;
            (isOwn ? code.aload(0) : code.dup()).invokestatic(context.options.hooks(), "made", MADE);
        }
    }

    /** The call as it is rewritten; null if it stays as it is. */
    private PlannedCall plan(Target target, String owner, boolean quiet) {
        List<Integer> passed = quiet || context.isShadow ? List.of() : sites(target.name(), target.passed(),
                PassedArguments.modes(owner, target.name(), target.type(), target.isVirtual()));
        PlannedCall planned = treated(target, owner, quiet);
        return passed.isEmpty() ? planned : new PlannedCall(target, planned == null ? new Treatment.Listed()
                : planned.treatment(), planned == null ? -1 : planned.site(), passed);
    }

    /** The treatment of a call; null if it stays as it is. */
    private PlannedCall treated(Target target, String owner, boolean quiet) {
        Treatment treatment = context.treat(target, owner);
        if (treatment == null) {
            return null;
        }
        String simple = owner.substring(Math.max(owner.lastIndexOf('/'), owner.lastIndexOf('$')) + 1);
        String operation = target.name().equals(ConstantDescs.INIT_NAME)
                ? "new " + simple : simple + "." + target.name();
        String type = owner.replace('/', '.');
        String called = type + "." + target.name() + treatment.note();
        int site = -1;
        switch (treatment) {
            case Treatment.Listed _ -> {
                if (!quiet && !(justFilled && operation.equals("Arrays.asList"))) {
                    context.list(method, line, operation);
                }
                return null;
            }
            case Treatment.Property _, Treatment.Entered _ -> { }
            case Treatment.Sited sited -> site = site(target.name(), type, sited.mode());
            case Treatment.Replaced replaced -> {
                if (replaced.hasSite()) {
                    site = site(target.name(), called, 0);
                }
            }
            case Treatment.Bridged how -> {
                if (quiet && how.mode() != 0 && !target.name().equals("parallelStream")) {
                    return null;
                }
                if (how.shape() == Treatment.Shape.ARRAY) {
                    if (ArrayCode.isEnumsCopy(target, context.type, method)) {
                        return null;
                    }
                    site = ArrayCode.site(target, kind -> site(operation, Modes.arrayName(kind), how.mode()));
                    break;
                }
                site = site(how.shape() == Treatment.Shape.LOCK ? operation : target.name(),
                        how.mode() == 0 ? called : type, how.mode());
            }
            case Treatment.Walking _ -> {
                if (quiet) {
                    return null;
                }
                site = site(operation, called, 0);
            }
            case Treatment.Refused _, Treatment.Supplied _, Treatment.Loading _ -> {
                site = site(operation, called, 0);
                if (target.name().equals("shuffle") && !quiet) {
                    context.list(method, line, operation);
                }
            }
            case Treatment.Fenced _ -> site = site(target.name(), called, Modes.ofFence(target.name()));
        }
        return new PlannedCall(target, treatment, site, List.of());
    }

    /** The sites of what a call reads of its arguments, or writes to them; -1 for those that it does not. */
    private List<Integer> sites(String operation, MethodTypeDesc type, int[] modes) {
        return IntStream.range(0, modes.length).map(i -> modes[i] == 0 ? -1
                : site(operation, PassedArguments.target(type.parameterType(i)), modes[i])).boxed().toList();
    }

    private void dynamic(CodeBuilder code, InvokeDynamicInstruction instruction) {
        ClassDesc maker = instruction.bootstrapMethod().owner();
        if (!isQuiet && !context.isShadow && (maker.equals(CONCATENATION) || maker.equals(RECORD_METHODS))) {
            MethodTypeDesc type = instruction.typeSymbol();
            PlannedCall.pass(code, context.options.hooks(), type,
                    sites("concatenate", type, PassedArguments.ofConcatenation(type)));
        }
        // A method reference in a static initializer may be called later, when accesses are steps.
        References.rewrite(code, instruction, context, (target, owner) -> plan(target, owner, context.isObserver));
    }
}
