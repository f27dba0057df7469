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
 * Which models by hand are not enough for a program. They keep a search small: a reentrant lock that is only locked and
 * unlocked, a map that makes its changes on the thread that asks for them. A program that asks for more, such as a
 * condition, or a search of a map by many threads, gets the JDK's own code for all objects of that class: then all that
 * it asks for is exact. The question is put to all classes that the program's class leads to, so that the answer is the
 * same in every run; a class that it finds by name does not count.
 */
final class ModelUse {
    private static final String LOCK = "java/util/concurrent/locks/ReentrantLock";
    private static final String MAP = "java/util/concurrent/ConcurrentHashMap";
    private static final String INTERFACE = "java/util/concurrent/locks/Lock";

    private final Predicate<String> isRewritten;
    private final Function<String, Optional<byte[]>> files;
    private final CallRules rules;
    private final Set<String> seen = new HashSet<>();
    private final Set<String> exceeded = new HashSet<>();
    private final Deque<String> next = new ArrayDeque<>();

    /**
     * @param isRewritten which classes are rewritten, by internal name
     * @param files returns the class file of a class, in which nothing is renamed, by internal name
     * @param rules what the model can do
     */
    ModelUse(Predicate<String> isRewritten, Function<String, Optional<byte[]>> files, CallRules rules) {
        this.isRewritten = isRewritten;
        this.files = files;
        this.rules = rules;
    }

    /** {@return the classes whose model is not enough for a program, given by its class; internal names} */
    Set<String> exceeded(String program) {
        next.add(program);
        while (!next.isEmpty()) {
            String name = next.poll();
            if (seen.add(name) && isRewritten.test(name)) {
                files.apply(name).ifPresent(this::look);
            }
        }
        return exceeded;
    }

    private void look(byte[] file) {
        try {
            ClassModel model = ClassFile.of().parse(file);
            String parent = model.superclass().map(ClassEntry::asInternalName).orElse("");
            if (parent.equals(LOCK)) {
                exceeded.add(LOCK);
            }
            next.add(parent);
            model.interfaces().forEach(type -> next.add(type.asInternalName()));
            for (PoolEntry entry : model.constantPool()) {
                if (entry instanceof MemberRefEntry member) {
                    if (member.owner().asInternalName().equals(MAP) && member.type().stringValue().startsWith("(J")) {
                        exceeded.add(MAP); // from a number of elements on, other threads help
                    } else if (isMoreThanLocking(member)) {
                        exceeded.add(LOCK);
                    }
                    next.add(member.owner().asInternalName());
                }
            }
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            return; // it is damaged, as its reader will find
        }
    }

    private boolean isMoreThanLocking(MemberRefEntry member) {
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
