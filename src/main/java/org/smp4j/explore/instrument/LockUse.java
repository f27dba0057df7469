package org.smp4j.explore.instrument;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.MemberRefEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import org.smp4j.explore.instrument.call.CallRules;
import org.smp4j.explore.instrument.call.Treatment;

/**
 * Which reentrant locks a program gets. Those that are modelled by hand keep a search small, and are enough for a
 * program that only locks and unlocks. A program that asks for more, such as a condition, gets the JDK's own locks, all
 * of them: then all that it asks for is exact. The question is put to all classes that the program's class leads to, so
 * that the answer is the same in every run; a class that it finds by name does not count.
 */
final class LockUse {
    /** The internal name of the class in question. */
    static final String LOCK = "java/util/concurrent/locks/ReentrantLock";

    private static final String INTERFACE = "java/util/concurrent/locks/Lock";

    private final Predicate<String> isRewritten;
    private final Function<String, Optional<byte[]>> files;
    private final CallRules rules;
    private final Set<String> seen = new HashSet<>();
    private final Deque<String> next = new ArrayDeque<>();

    /**
     * @param isRewritten which classes are rewritten, by internal name
     * @param files returns the class file of a class, in which nothing is renamed, by internal name
     * @param rules what the model can do
     */
    LockUse(Predicate<String> isRewritten, Function<String, Optional<byte[]>> files, CallRules rules) {
        this.isRewritten = isRewritten;
        this.files = files;
        this.rules = rules;
    }

    /** {@return whether a program needs more than the model has, given by the internal name of its class} */
    boolean exceedsModel(String program) {
        next.add(program);
        while (!next.isEmpty()) {
            String name = next.poll();
            if (seen.add(name) && isRewritten.test(name) && files.apply(name).filter(this::exceeds).isPresent()) {
                return true;
            }
        }
        return false;
    }

    private boolean exceeds(byte[] file) {
        try {
            ClassModel model = ClassFile.of().parse(file);
            String parent = model.superclass().map(ClassEntry::asInternalName).orElse("");
            if (parent.equals(LOCK)) {
                return true;
            }
            next.add(parent);
            model.interfaces().forEach(type -> next.add(type.asInternalName()));
            for (PoolEntry entry : model.constantPool()) {
                if (entry instanceof MemberRefEntry member) {
                    if (exceeds(member)) {
                        return true;
                    }
                    next.add(member.owner().asInternalName());
                }
            }
            return false;
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            return false; // it is damaged, as its reader will find
        }
    }

    private boolean exceeds(MemberRefEntry member) {
        String owner = member.owner().asInternalName();
        String name = member.name().stringValue();
        if (!owner.equals(LOCK) && !owner.equals(INTERFACE)) {
            return false;
        }
        if (name.equals(ConstantDescs.INIT_NAME)) {
            return !member.type().equalsString("()V"); // it may be fair
        }
        Treatment treatment = rules.treat(owner, name, MethodTypeDesc.ofDescriptor(member.type().stringValue()),
                owner.equals(LOCK) ? Opcode.INVOKEVIRTUAL : Opcode.INVOKEINTERFACE);
        return treatment instanceof Treatment.Refused
                || treatment instanceof Treatment.Bridged how && how.shape() == Treatment.Shape.OPEN;
    }
}
